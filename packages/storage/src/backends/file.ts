import { link, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StorageAway } from '../away.js';
import type { Backend, ByteRange } from '../backend.js';
import { requireSpace } from './disk-space.js';
import { markedRoot, TEMPORARY } from './marked-root.js';
import { stagingBelow } from './staging.js';
import { codeOf, hasCode, isMissing } from './system-errors.js';

/** Not empty, because an empty file can still be written to a full disk. */
const CHECK_BYTES = Buffer.alloc(4096);

/**
 * A directory, shared by all processes. A write goes to a temporary file, which is then linked or renamed into place. File
 * and folder are on the disk when it resolves, so that a loss of power takes nothing that was promised. Only the first
 * marker makes the directory itself: any other write would make it in place of a missing mount.
 */
export function fileBackend(root: string): Backend {
  const url = pathToFileURL(root).href;
  const marked = markedRoot(root, url);
  const stage = stagingBelow(root, marked);
  const pathOf = (key: string) => join(root, key);

  /** Every step goes through here: if the system refuses it, storage is away. */
  const serving = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw await awayOf(error);
    }
  };

  /** A missing path may mean a missing mount, so the marker is checked too. */
  const awayOf = async (error: unknown): Promise<unknown> => {
    const code = codeOf(error);
    if (code === null) return error;
    const said = isMissing(error) ? await marked.verify().catch((why: unknown) => why) : null;
    if (said instanceof StorageAway) return said;
    return new StorageAway(`storage does not serve: ${code} at ${url}`, { cause: error });
  };

  /** Null only if this installation's storage was mounted before and after: a missing mount proves nothing absent. */
  const getOrNull = async (key: string, read: (path: string) => Promise<Buffer>): Promise<Buffer | null> => {
    const found = await ifThere(() => read(pathOf(key)));
    if (found !== null) return found;
    await marked.verify();
    const foundNow = await ifThere(() => read(pathOf(key)));
    if (foundNow === null) await marked.verify();
    return foundNow;
  };

  return {
    put: (key, bytes, secrecy) =>
      serving(() => stage(pathOf(key), { bytes, secrecy }, (temporary) => rename(temporary, pathOf(key)))),
    create: (key, bytes) =>
      serving(async () => {
        try {
          await stage(pathOf(key), { bytes }, async (temporary) => {
            await link(temporary, pathOf(key));
            await unlink(temporary);
          });
          return true;
        } catch (error) {
          if (hasCode(error, 'EEXIST')) return false;
          throw error;
        }
      }),
    get: (key) => serving(() => getOrNull(key, readFile)),
    getRange: (key, range) => serving(() => getOrNull(key, (path) => readRange(path, range))),
    list: (folder) =>
      serving(async () => {
        await marked.verify();
        const found = await listFiles(root, pathOf(folder));
        await marked.verify();
        return found;
      }),
    remove: (path) =>
      serving(async () => {
        await marked.verify();
        await rm(pathOf(path), { recursive: true, force: true });
        await marked.verify();
      }),
    owner: () => serving(marked.owner),
    claim: (installation) => serving(() => marked.claim(installation)),
    serve: marked.serve,
    verify: () =>
      serving(async () => {
        await marked.verify();
      }),
    check: () =>
      serving(async () => {
        await marked.verify();
        await requireSpace(root);
        await stage(pathOf('check'), { bytes: CHECK_BYTES }, unlink);
      }),
    async close() {},
  };
}

async function readRange(path: string, { from, to }: ByteRange): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function ifThere(read: () => Promise<Buffer>): Promise<Buffer | null> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith(TEMPORARY))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
