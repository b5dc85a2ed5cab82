import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord } from '@linkhaul/jobs';
import type { Reading } from '../batch.js';
import { type ChangeCounts, compareJobs, type JobsToCompare, noChanges } from './compare-jobs.js';
import type { Compared } from './join.js';

interface DiffRequest extends JobsToCompare {
  readonly base: JobRecord;
  /** Whether unchanged targets and items are shown. They are always counted. */
  readonly includeSame: boolean;
}

/** A finished comparison: its counts are known, and its lines are on disk until it is closed. */
export interface Diff {
  readonly counts: Readonly<ChangeCounts>;
  /** Every change to be shown, as JSON lines, many at a time. */
  lines(): AsyncGenerator<string[]>;
  close(): Promise<void>;
}

const CHARS_PER_WRITE = 256 * 1024;
const READ_BYTES = 256 * 1024;

/**
 * Compares two completed jobs. The changes go to a file while they are counted, because the answer begins with the counts.
 * Throws when the signal aborts.
 */
export async function createDiff(request: DiffRequest, reading: Reading): Promise<Diff> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-diff-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'changes');
    const counts = await writeChanges(path, request, compareJobs(request, reading));
    return { counts, lines: () => linesOf(path), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeChanges(
  path: string,
  { includeSame, signal }: DiffRequest,
  changes: AsyncIterable<Compared>,
): Promise<Diff['counts']> {
  const counts = noChanges();
  const file = await open(path, 'w');
  try {
    let text = '';
    for await (const { change } of changes) {
      counts[change.change]++;
      if (change.change !== 'same' || includeSame) text += `${JSON.stringify(change)}\n`;
      if (text.length < CHARS_PER_WRITE) continue;
      signal.throwIfAborted();
      await file.write(text);
      text = '';
    }
    await file.write(text);
    return counts;
  } finally {
    await file.close();
  }
}

async function* linesOf(path: string): AsyncGenerator<string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
}
