import { type PackedCalls, packTargets } from '@linkhaul/jobs';
import type { BulkEndpoint } from '@linkhaul/schemas';
import {
  type Backend,
  CALLS_PER_PART,
  type JobRef,
  type PlanPart,
  partsInOrder,
  partsOf,
  readRowPart,
  type StoredRowPart,
  writePlanParts,
} from '@linkhaul/storage';
import { type AskedRows, type RowsOfTargets, readAsked, type StoredRows, withFollowers } from './read-job-rows.js';

/** How far a plan has come: all its root calls, and how many of them, from the first on, are in storage. */
export interface PlanProgress {
  readonly roots: number;
  readonly stored: number;
}

type OnStored = (progress: PlanProgress) => Promise<void>;

/**
 * Writes the plan of a job from its stored rows, and says as it goes what is stored; the number of root calls. Where calls
 * take rows as they come, these are cut while they are read; else all rows are read first, as the bytes they are stored in.
 */
export async function writeJobPlan(
  storage: Backend,
  job: JobRef,
  { rows, onStored }: { rows: StoredRows; onStored: OnStored },
): Promise<number> {
  const { roots, parts } = inInputOrder(rows) ? cutAsRead(storage, job, rows) : await cutAfterwards(storage, job, rows);
  const written = await writePlanParts(storage, job, { parts, onStored: (stored) => onStored({ roots, stored }) });
  if (written !== roots) throw new Error(`the plan of ${job.id} has ${written} calls, ${roots} were to be expected`);
  return roots;
}

interface CutPlan {
  readonly roots: number;
  readonly parts: Iterable<PlanPart> | AsyncIterable<PlanPart>;
}

/** Whether a call holds the targets that come next, and every row is a target's only one. */
function inInputOrder({ endpoint, duplicates, keysDiffer }: StoredRows): boolean {
  const isFree = endpoint.kind === 'list' || (keysDiffer && endpoint.maxDomains === null);
  return isFree && duplicates === 0;
}

function cutAsRead(storage: Backend, job: JobRef, { endpoint, rowParts, targets }: StoredRows): CutPlan {
  const rows = linesOf(readParts(storage, job, rowParts));
  if (endpoint.kind === 'list') {
    return { roots: targets, parts: partsInOrder({ rows, rowsPerPart: CALLS_PER_PART.list, callOf: 'row' }) };
  }
  const { maxTargets: rowsPerPart } = endpoint;
  return { roots: Math.ceil(targets / rowsPerPart), parts: partsInOrder({ rows, rowsPerPart, callOf: 'part' }) };
}

async function cutAfterwards(storage: Backend, job: JobRef, rows: StoredRows): Promise<CutPlan> {
  const { endpoint } = rows;
  const { list, ...asked } = await readAsked(readParts(storage, job, rows.rowParts), rows);
  const callsPerPart = CALLS_PER_PART[endpoint.kind];
  if (endpoint.kind === 'list')
    return { roots: asked.targets, parts: partsOf({ calls: eachAlone(asked), callsPerPart }) };
  const packed = await pack(list, endpoint);
  return { roots: packed.length, parts: partsOf({ calls: packedCalls(asked, packed), callsPerPart }) };
}

async function pack(list: AskedRows['list'], endpoint: BulkEndpoint): Promise<PackedCalls> {
  if (list === null) throw new Error(`${endpoint.name} is packed by its targets, and none were kept`);
  return packTargets(endpoint, list);
}

/** Row parts in order; the next one is read and inflated while one is looked at. */
async function* readParts(storage: Backend, job: JobRef, rowParts: number): AsyncGenerator<StoredRowPart> {
  const read = (part: number) => {
    const reading = readRowPart(storage, job, part);
    // It is judged when its turn comes.
    reading.catch(() => undefined);
    return reading;
  };
  let next = rowParts === 0 ? null : read(0);
  for (let part = 0; next !== null; part++) {
    const stored = await next;
    next = part + 1 < rowParts ? read(part + 1) : null;
    yield stored;
  }
}

async function* linesOf(parts: AsyncIterable<StoredRowPart>): AsyncGenerator<Buffer> {
  for await (const { lines } of parts) yield lines;
}

function* eachAlone(asked: RowsOfTargets): Generator<Buffer> {
  for (let target = 0; target < asked.targets; target++) yield asked.rows.call(withFollowers(asked, target));
}

function* packedCalls(asked: RowsOfTargets, packed: PackedCalls): Generator<Buffer> {
  for (let call = 0; call < packed.length; call++) yield asked.rows.call(rowsOf(asked, packed.positions(call)));
}

function* rowsOf(asked: RowsOfTargets, positions: Int32Array): Generator<number> {
  for (const position of positions) yield* withFollowers(asked, position);
}
