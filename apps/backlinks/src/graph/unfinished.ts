import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { kill, pid } from 'node:process';

/** Whose maker cannot be asked for, and that nobody has written to for so long, was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/** Process ids mean nothing on other machines, and containers that share a folder are other machines. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const MADE_BY = /^([0-9a-f]{8})-(\d+)-([0-9a-f-]{36})(\.wal|\.tmp)?$/;

/** Those of this process, by their last parts: a restarted container has the same name and the same process id. */
const own = new Set<string>();

/** Runs the work on a name for an unfinished file beside `path`, and leaves nothing under that name. */
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

/** Removes what makers that are gone have left beside `path`. */
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
    // Any other refusal comes from a process that is there and is another user's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function isOld(file: string): Promise<boolean> {
  // Another process may take its own away meanwhile.
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
}

/** Makes a folder and those above it. Node's own way of it never ends where the system takes no folders, as in /proc. */
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
