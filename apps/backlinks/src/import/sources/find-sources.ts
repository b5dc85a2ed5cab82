import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

/** A file to be imported. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
}

export interface Sources {
  readonly files: readonly SourceFile[];
  /** What was named and cannot be imported, in a sentence each. */
  readonly refused: readonly string[];
}

/** The files that the words of a command name: files, folders with everything in them, and patterns. */
export async function findSources(words: readonly string[]): Promise<Sources> {
  const files = new Map<string, SourceFile>();
  const refused: string[] = [];
  for (const word of words) {
    const found = await filesOf(word);
    if (typeof found === 'string') refused.push(found);
    else for (const file of found) files.set(file.path, file);
  }
  return { files: [...files.values()], refused };
}

async function filesOf(word: string): Promise<readonly SourceFile[] | string> {
  const found = await stat(word).catch(() => null);
  if (found === null) return isDynamicPattern(word) ? filesOfPattern(word) : `${word} does not exist.`;
  if (found.isDirectory()) return filesOfFolder(word);
  // A pipe or a device may never end, and cannot be read a second time.
  if (!found.isFile()) return `${word} is neither a file nor a folder: write what it gives into a file first.`;
  return [{ path: word, size: found.size }];
}

async function filesOfPattern(pattern: string): Promise<readonly SourceFile[] | string> {
  const paths = await glob(pattern, { expandDirectories: false });
  const files = await sized(paths);
  return files.length === 0 ? `No file has a name like ${pattern}.` : files;
}

async function filesOfFolder(folder: string): Promise<readonly SourceFile[] | string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name));
  const files = await sized(paths);
  return files.length === 0 ? `${folder} holds no file.` : files;
}

/** The files of some paths, in order. A symbolic link may lead to a file, to something else, or to nothing. */
async function sized(paths: readonly string[]): Promise<SourceFile[]> {
  const files = paths.toSorted().map(async (path) => {
    const found = await stat(path).catch(() => null);
    return found?.isFile() === true ? [{ path, size: found.size }] : [];
  });
  return (await Promise.all(files)).flat();
}
