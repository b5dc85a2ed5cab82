import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord } from '@linkhaul/jobs';
import { CHANGES, type Change } from '@linkhaul/schemas';
import type { Reading } from '../batch.js';
import { mergeRuns } from '../sorting/merge-runs.js';
import { writeRuns } from '../sorting/write-runs.js';
import { createComparison } from './compare.js';
import type { DiffField } from './fields.js';
import { joinSides } from './join.js';
import { type DiffRecord, encodeRecord } from './record.js';
import { recordsOf } from './records.js';

interface DiffRequest {
  readonly base: JobRecord;
  readonly job: JobRecord;
  readonly fields: readonly DiffField[];
  readonly minChange: number;
  /** Whether unchanged targets and items are shown; they are counted in any case. */
  readonly includeSame: boolean;
  readonly signal: AbortSignal;
}

/** A finished comparison: its counts are known, and its lines are on disk until it is closed. */
export interface Diff {
  readonly counts: Readonly<Record<Change['change'], number>>;
  /** Every change to be shown, as JSON lines, many at a time. */
  lines(): AsyncGenerator<string[]>;
  close(): Promise<void>;
}

const CHARS_A_WRITE = 256 * 1024;
const READ_BYTES = 256 * 1024;

/**
 * Compares two completed jobs. Both are sorted on disk, with a bounded part in memory, then read side by side. The changes go to a
 * file while they are counted, because the answer begins with the counts. Throws when the signal aborts.
 */
export async function createDiff(request: DiffRequest, reading: Reading): Promise<Diff> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-diff-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const { base, job, fields, signal } = request;
    const before = await writeRuns(linesOfRecords(recordsOf(base, { fields, reading })), {
      folder,
      name: 'before',
      signal,
    });
    const after = await writeRuns(linesOfRecords(recordsOf(job, { fields, reading })), {
      folder,
      name: 'after',
      signal,
    });
    const path = join(folder, 'changes');
    const counts = await writeChanges(path, { ...request, before, after });
    return { counts, lines: () => linesOf(path), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* linesOfRecords(records: AsyncIterable<readonly DiffRecord[]>): AsyncGenerator<string[]> {
  for await (const some of records) yield some.map(encodeRecord);
}

interface SortedSides extends DiffRequest {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

async function writeChanges(path: string, sides: SortedSides): Promise<Diff['counts']> {
  const { job, fields, minChange, includeSame, signal } = sides;
  const counts = Object.fromEntries(CHANGES.map((name) => [name, 0])) as Record<Change['change'], number>;
  const comparison = createComparison({ endpoint: job.description.endpoint, fields, minChange });
  const [before, after] = [await mergeRuns(sides.before), await mergeRuns(sides.after)];
  const file = await open(path, 'w');
  try {
    let text = '';
    for await (const change of joinSides({ before, after }, comparison)) {
      counts[change.change]++;
      if (change.change !== 'same' || includeSame) text += `${JSON.stringify(change)}\n`;
      if (text.length < CHARS_A_WRITE) continue;
      signal.throwIfAborted();
      await file.write(text);
      text = '';
    }
    await file.write(text);
    return counts;
  } finally {
    before.close();
    after.close();
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
