import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PART_KINDS, type PartHead, type PartKind, partHead } from './part.js';

/** A part that is whole. */
export interface Part {
  readonly name: string;
  readonly head: PartHead;
}

const HEAD = /^[\w-]+\.json$/;

/** Where the rows of a part are. */
export function rowsPath(folder: string, kind: PartKind, name: string): string {
  return join(folder, kind, `${name}.parquet`);
}

/** All whole parts of a folder, by name; none where there is no folder. Throws where a head is none. */
export async function readParts(folder: string): Promise<Part[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const heads = names.filter((name) => HEAD.test(name)).toSorted();
  return Promise.all(heads.map((file) => readPart(folder, file)));
}

async function readPart(folder: string, file: string): Promise<Part> {
  const path = join(folder, file);
  try {
    return { name: file.slice(0, -'.json'.length), head: partHead.parse(JSON.parse(await readFile(path, 'utf8'))) };
  } catch (error) {
    throw new Error(`${path} is not the head of a part of this version`, { cause: error });
  }
}

/** Makes the folders of the rows. */
export async function makePartFolders(folder: string): Promise<void> {
  for (const kind of PART_KINDS) await mkdir(join(folder, kind), { recursive: true });
}

/** Makes a part whole: its rows are there. */
export async function writeHead(folder: string, name: string, head: PartHead): Promise<void> {
  const path = join(folder, `${name}.json`);
  const unfinished = `${path}.${process.pid}`;
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(`${JSON.stringify(partHead.parse(head), null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/** Takes a part away: rows without a head are not there. */
export async function removeHead(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.json`), { force: true });
}

/** The files that hold the rows of some parts. Not every part has rows of every kind. */
export async function rowsOf(folder: string, kind: PartKind, parts: readonly Part[]): Promise<string[]> {
  const { there } = await filesOf(folder, kind, parts);
  return there;
}

/** The files of rows that the heads of some parts promise, and that are not there. */
export async function missingRows(folder: string, parts: readonly Part[]): Promise<string[]> {
  const missing = PART_KINDS.map(async (kind) => {
    const promised = parts.filter(({ head }) => countOf(kind, head) > 0);
    return (await filesOf(folder, kind, promised)).missing;
  });
  return (await Promise.all(missing)).flat();
}

/** A web graph's file has edges or ranks: what is no edge is a rank. */
function countOf(kind: PartKind, { counts, source }: PartHead): number {
  if (kind !== 'ranks') return counts[kind];
  return source.form === 'webgraph' ? counts.records - counts.edges : 0;
}

async function filesOf(folder: string, kind: PartKind, parts: readonly Part[]) {
  const names = new Set(await readdir(join(folder, kind)).catch(() => []));
  const paths = parts.map(({ name }) => rowsPath(folder, kind, name));
  const isThere = (path: string) => names.has(basename(path));
  return { there: paths.filter(isThere), missing: paths.filter((path) => !isThere(path)) };
}
