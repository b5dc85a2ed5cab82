import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackFailure } from './failure.js';

/**
 * Claims the data folder for this process: two stacks would write to the same append-only file. Returns a function that
 * releases the folder.
 */
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
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
