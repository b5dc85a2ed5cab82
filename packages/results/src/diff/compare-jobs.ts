import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord } from '@linkhaul/jobs';
import { CHANGES, type Change } from '@linkhaul/schemas';
import type { Reading } from '../batch.js';
import { mergeRuns } from '../sorting/merge-runs.js';
import { writeRuns } from '../sorting/write-runs.js';
import { createComparison } from './compare.js';
import type { DiffField } from './fields.js';
import { type Compared, joinSides } from './join.js';
import { type DiffRecord, encodeRecord } from './record.js';
import { recordsOf } from './records.js';

export interface JobsToCompare {
  /** Null: everything is new. */
  readonly base: JobRecord | null;
  readonly job: JobRecord;
  readonly fields: readonly DiffField[];
  /** A number that differs by less counts as unchanged. */
  readonly minChange: number;
  readonly signal: AbortSignal;
}

export type ChangeCounts = Record<Change['change'], number>;

export function noChanges(): ChangeCounts {
  return Object.fromEntries(CHANGES.map((name) => [name, 0])) as ChangeCounts;
}

/**
 * Compares two completed jobs: every target and item, including unchanged ones. Both jobs are sorted on disk, with a limited
 * part in memory, then read side by side. Throws when the signal aborts.
 */
export async function* compareJobs(
  { base, job, fields, minChange, signal }: JobsToCompare,
  reading: Reading,
): AsyncGenerator<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-sides-'));
  try {
    const sorted = (side: JobRecord, name: string) =>
      writeRuns(linesOfRecords(recordsOf(side, { fields, reading })), { folder, name, signal });
    const files = [base === null ? [] : await sorted(base, 'before'), await sorted(job, 'after')] as const;
    const [before, after] = [await mergeRuns(files[0]), await mergeRuns(files[1])];
    try {
      yield* joinSides({ before, after }, createComparison({ endpoint: job.description.endpoint, fields, minChange }));
    } finally {
      before.close();
      after.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* linesOfRecords(records: AsyncIterable<readonly DiffRecord[]>): AsyncGenerator<string[]> {
  for await (const some of records) yield some.map(encodeRecord);
}
