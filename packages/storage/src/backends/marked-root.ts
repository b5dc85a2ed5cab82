import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageAway } from '../away.js';
import { notOurs, ofNobody } from './not-ours.js';
import { hasCode, isMissing } from './system-errors.js';

/** Names of temporary files begin with it. */
export const TEMPORARY = '.tmp-';
const MARKER = 'installation';

/** Results are private: the service's user writes them, and its group may read them, for backups. */
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o750;
/** Secrets are for the service's user alone. */
export const SECRET_MODE = 0o600;

/** The marker at the root of a storage folder. Without it, the empty folder of a missing mount would look like storage. */
export interface MarkedRoot {
  owner(): Promise<string | null>;
  claim(installation: string): Promise<string>;
  serve(installation: string | null): void;
  /** The device of the marker. Rejects if the marker does not name the installation. */
  verify(): Promise<number>;
  /** Rejects if an open file is not on the marker's device: the mount came or went while it was opened. */
  verifyFile(file: FileHandle): Promise<void>;
}

export function markedRoot(root: string, url: string): MarkedRoot {
  const path = join(root, MARKER);
  let served: string | null = null;
  /** The marker file that was read last: while it is unchanged, it need not be read again. */
  let known: Stats | null = null;

  const serve = (installation: string | null) => {
    if (installation !== served) known = null;
    served = installation;
  };
  const owner = async (): Promise<string | null> => {
    try {
      return (await readFile(path, 'utf8')).trim();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  const verify = async (): Promise<number> => {
    const installation = served;
    if (installation === null) throw ofNobody(url);
    const found = await statOf(path);
    if (found !== null && known !== null && isSame(found, known)) return found.dev;
    const named = found === null ? null : await owner();
    if (found === null || named !== installation) {
      throw notOurs({ installation, named, place: url, advice: 'mount the right one' });
    }
    if (installation === served) known = found;
    return found.dev;
  };
  return {
    owner,
    async claim(installation) {
      const made = await mkdir(root, { recursive: true, mode: FOLDER_MODE });
      const temporary = join(root, `${TEMPORARY}${randomUUID()}`);
      try {
        await writeMarker(temporary, installation);
        await link(temporary, path);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      } finally {
        await rm(temporary, { force: true });
      }
      await syncFolders(root, made === undefined ? root : dirname(made));
      const named = (await owner()) ?? '';
      if (named === installation) serve(installation);
      return named;
    },
    serve,
    verify,
    async verifyFile(file) {
      const [device, { dev }] = await Promise.all([verify(), file.stat()]);
      if (dev !== device) throw new StorageAway(`the mount at ${url} came or went while it was written to`);
    },
  };
}

async function writeMarker(path: string, installation: string): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(`${installation}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The number of a removed inode is used again. The time of the last change tells the new file from the old one. */
function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.ctimeMs === other.ctimeMs && one.size === other.size;
}

/** Makes names durable in a folder and the folders above it, up to one that existed before. */
export async function syncFolders(from: string, upTo: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    const handle = await open(folder);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (folder === upTo || folder === dirname(folder)) return;
  }
}
