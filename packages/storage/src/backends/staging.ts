import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_MODE, FOLDER_MODE, type MarkedRoot, SECRET_MODE, syncFolders, TEMPORARY } from './marked-root.js';
import { hasCode } from './system-errors.js';

/** Writes to a temporary file that `place` moves away. The temporary file never stays, even after a failure. */
export type Stage = <T>(path: string, content: Content, place: (temporary: string) => Promise<T>) => Promise<T>;

interface Content {
  readonly bytes: Uint8Array;
  readonly secrecy?: 'secret' | undefined;
}

/** Writes below a root, on the device of its marker and nowhere else. */
export function stagingBelow(root: string, marked: MarkedRoot): Stage {
  /** Makes the folder only if it is missing, which is rare. Returns the first folder that was made. */
  const openWithFolder = async (
    path: string,
    mode: number,
  ): Promise<{ file: FileHandle; made: string | undefined }> => {
    try {
      return { file: await open(path, 'wx', mode), made: undefined };
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    await marked.verify();
    const made = await makeFolder(dirname(path), root);
    return { file: await open(path, 'wx', mode), made };
  };

  /** The marker is checked while the bytes go to the disk, which takes longer. */
  const fill = async (file: FileHandle, bytes: Uint8Array): Promise<void> => {
    try {
      const verified = marked.verifyFile(file);
      verified.catch(() => undefined);
      await file.writeFile(bytes);
      await file.sync();
      await verified;
    } finally {
      await file.close();
    }
  };

  return async (path, { bytes, secrecy }, place) => {
    const folder = dirname(path);
    const temporary = join(folder, `${TEMPORARY}${randomUUID()}`);
    try {
      const { file, made } = await openWithFolder(temporary, secrecy === 'secret' ? SECRET_MODE : FILE_MODE);
      await fill(file, bytes);
      const placed = await place(temporary);
      await syncFolders(folder, made === undefined ? folder : dirname(made));
      return placed;
    } catch (error) {
      // If this fails too, the file is removed with its job.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  };
}

/** Makes a folder and the missing folders above it, but never the root. Returns the highest folder that may be new. */
async function makeFolder(folder: string, root: string): Promise<string> {
  if (folder === root) return root;
  try {
    await makeOrFind(folder);
    return folder;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const highest = await makeFolder(dirname(folder), root);
  await makeOrFind(folder);
  return highest === root ? folder : highest;
}

async function makeOrFind(folder: string): Promise<void> {
  try {
    await mkdir(folder, FOLDER_MODE);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
