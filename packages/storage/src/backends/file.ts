import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Backend } from '../backend.js';
import { requireSpace } from './disk-space.js';

const TEMPORARY = '.tmp-';

/** Enough to need room: an empty file fits on a disk that is full. */
const CHECK_BYTES = Buffer.alloc(4096);

/**
 * A directory, shared by all processes. A write goes to a temporary file and is then linked or renamed into place; file
 * and folder are on the disk when it resolves, so that a loss of power takes nothing that was promised.
 */
export function fileBackend(root: string): Backend {
  const pathOf = (key: string) => join(root, key);

  /** Writes to a temporary file, which `place` takes away; nothing of it stays, however that ends. */
  const stage = async <T>(key: string, bytes: Uint8Array, place: (temporary: string) => Promise<T>): Promise<T> => {
    const folder = dirname(pathOf(key));
    const temporary = join(folder, `${TEMPORARY}${randomUUID()}`);
    try {
      const made = await writeWithFolder(temporary, bytes);
      const placed = await place(temporary);
      await syncFolders(folder, made === undefined ? folder : dirname(made));
      return placed;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };

  return {
    async put(key, bytes) {
      await stage(key, bytes, (temporary) => rename(temporary, pathOf(key)));
    },
    async create(key, bytes) {
      try {
        await stage(key, bytes, async (temporary) => {
          await link(temporary, pathOf(key));
          await unlink(temporary);
        });
        return true;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      }
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null;
        throw error;
      }
    },
    list: (folder) => listFiles(root, pathOf(folder)),
    async remove(folder) {
      await rm(pathOf(folder), { recursive: true, force: true });
    },
    async check() {
      await mkdir(root, { recursive: true });
      await requireSpace(root);
      await stage('check', CHECK_BYTES, unlink);
    },
    async close() {},
  };
}

/** Makes the folder only where it is missing, for it nearly always is there; the first folder that was made. */
async function writeWithFolder(path: string, bytes: Uint8Array): Promise<string | undefined> {
  try {
    await writeFile(path, bytes, { flush: true });
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const made = await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flush: true });
  return made;
}

/** Makes names durable in a folder and those above it, up to one that was there before. */
async function syncFolders(from: string, upTo: string): Promise<void> {
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
