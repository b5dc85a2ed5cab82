import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackFailure } from './failure.js';

/** Two stacks on one folder would write into one append-only file. Returns how to give the folder back. */
export function claimFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'stack.pid');
  const owner = ownerOf(file);
  if (owner !== null && isAlive(owner)) {
    throw new StackFailure(
      `The data folder ${dir} is in use by another Linkhaul, process ${owner}. Stop that one first. (If that process is something else, delete ${file}.)`,
    );
  }
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

function ownerOf(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 && pid !== process.pid ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, so it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
