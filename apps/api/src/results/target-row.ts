import type { JobRecord } from '@linkhaul/jobs';
import { FIRST_CALL, type Reading, readResults, rowsOfRoots } from '@linkhaul/results';
import { endpointOf, itemKeyOf, type Result, type Row } from '@linkhaul/schemas';
import { findRoots } from './find-root.js';

/** A target's row and result in one job. */
export interface TargetRow {
  /** The first row that asks for the target; null if no row does. */
  readonly row: Row | null;
  /** For a bulk endpoint: the target's item, if it has one. */
  readonly result: Result | null;
  /** How many parts of the plan were read. */
  readonly parts: number;
}

export async function readTargetRow(job: JobRecord, target: string, reading: Reading): Promise<TargetRow> {
  const { plan } = job;
  if (plan === null) return { row: null, result: null, parts: 0 };
  const { roots, parts } = await findRoots({ job, plan, target }, reading);
  const rowsOf = await rowsOfRoots(job, plan, reading);
  for (const root of roots) {
    // A later run decides the rows that it ran again; the other rows stay with the run before.
    const row = (await rowsOf(root)).find((one) => one.target === target && one.duplicate_of === null);
    if (row !== undefined) return { row, result: await resultOf(job, row, reading), parts };
  }
  return { row: null, result: null, parts };
}

async function resultOf(job: JobRecord, row: Row, reading: Reading): Promise<Result | null> {
  const isItem = row.status === 'ok' && itemKeyOf(endpointOf(job.description.endpoint)) === null;
  if (!isItem || row.call === null) return null;
  for await (const { lines } of readResults(job, { ...FIRST_CALL, next: row.call }, reading)) {
    return lines.find(({ line }) => line === row.line) ?? null;
  }
  return null;
}
