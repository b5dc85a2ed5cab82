import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { kill, pid } from 'node:process';

/** An unfinished file of another machine counts as abandoned if nobody has written to it for this long. */
const ABANDONED_MS = 3_600_000;

/** Process ids are valid on one machine only. Containers that share a folder count as different machines. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const MADE_BY = /^([0-9a-f]{8})-(\d+)-([0-9a-f-]{36})(\.wal|\.tmp)?$/;

/**
 * The ids of this process's unfinished files. A restarted container has the same host name and process id, so these do
 * not tell.
 */
const own = new Set<string>();

/**
 * Calls `work` with the name for an unfinished file next to `path`, and removes that file afterwards if it still
 * exists.
 */
export async function withUnfinished(path: string, work: (unfinished: string) => Promise<void>): Promise<void> {
  const id = randomUUID();
  const unfinished = `${path}.making-${MACHINE}-${pid}-${id}`;
  own.add(id);
  try {
    await work(unfinished);
  } finally {
    for (const rest of [unfinished, `${unfinished}.wal`, `${unfinished}.tmp`]) {
      await rm(rest, { force: true, recursive: true });
    }
    own.delete(id);
  }
}

/** Removes the unfinished files next to `path` whose processes are gone. */
export async function removeAbandoned(path: string): Promise<void> {
  const prefix = `${basename(path)}.making-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const file = join(dirname(path), name);
    if (isMakerGone(name.slice(prefix.length)) || (await isOld(file))) await rm(file, { force: true, recursive: true });
  }
}

function isMakerGone(name: string): boolean {
  const [, machine, maker, id = ''] = MADE_BY.exec(name) ?? [];
  if (machine !== MACHINE) return false;
  return Number(maker) === pid ? !own.has(id) : !isAlive(Number(maker));
}

function isAlive(process: number): boolean {
  try {
    return kill(process, 0);
  } catch (error) {
    // Any other error means that the process exists and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function isOld(file: string): Promise<boolean> {
  // Another process may remove its file meanwhile.
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
}

/**
 * Makes a folder and its parents. Node's recursive `mkdir` never returns on file systems without folders to make, such
 * as /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdirOnce(folder);
  } catch (error) {
    const isAboveMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAboveMissing || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdirOnce(folder);
  }
}

async function mkdirOnce(folder: string): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
