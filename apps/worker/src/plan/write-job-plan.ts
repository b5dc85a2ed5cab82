import { type PackedCalls, packApart, packTargets } from '@linkhaul/jobs';
import { type BulkEndpoint, callShapeOf } from '@linkhaul/schemas';
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
import { type JobRows, type RowsOfTargets, readJobRows, type StoredRows, withFollowers } from './read-job-rows.js';

/** The progress of a plan: its number of root calls, and how many of the first ones are in storage. */
export interface PlanProgress {
  readonly roots: number;
  readonly stored: number;
}

type OnStored = (progress: PlanProgress) => Promise<void>;

/**
 * Writes the plan of a job from its stored rows, reports progress, and returns the number of root calls. If calls take the
 * rows in input order, the plan is written while rows are read; otherwise all rows are read first and then packed.
 */
export async function writeJobPlan(
  storage: Backend,
  job: JobRef,
  { rows, onStored }: { rows: StoredRows; onStored: OnStored },
): Promise<number> {
  const { roots, parts } = takesInputOrder(rows)
    ? planWhileReading(storage, job, rows)
    : await planAfterReading(storage, job, rows);
  const written = await writePlanParts(storage, job, { parts, onStored: (stored) => onStored({ roots, stored }) });
  if (written !== roots) throw new Error(`the plan of ${job.id} has ${written} calls, but ${roots} were expected`);
  return roots;
}

interface PlanParts {
  readonly roots: number;
  readonly parts: Iterable<PlanPart> | AsyncIterable<PlanPart>;
}

/** Whether calls take rows in input order, and no two rows share a target. */
function takesInputOrder({ endpoint, duplicates, keysDiffer, apart }: StoredRows): boolean {
  const anyOrder = endpoint.kind !== 'bulk' || (keysDiffer && endpoint.maxDomains === null && apart === undefined);
  return anyOrder && duplicates === 0;
}

function planWhileReading(storage: Backend, job: JobRef, { endpoint, rowParts, targets }: StoredRows): PlanParts {
  const rows = linesOf(readParts(storage, job, rowParts));
  if (endpoint.kind !== 'bulk') {
    return { roots: targets, parts: partsInOrder({ rows, rowsPerPart: CALLS_PER_PART.list, callOf: 'row' }) };
  }
  const { maxTargets: rowsPerPart } = endpoint;
  return { roots: Math.ceil(targets / rowsPerPart), parts: partsInOrder({ rows, rowsPerPart, callOf: 'part' }) };
}

async function planAfterReading(storage: Backend, job: JobRef, rows: StoredRows): Promise<PlanParts> {
  const { endpoint } = rows;
  const { list, ...asked } = await readJobRows(readParts(storage, job, rows.rowParts), rows);
  const callsPerPart = CALLS_PER_PART[callShapeOf(endpoint)];
  if (endpoint.kind !== 'bulk')
    return { roots: asked.targets, parts: partsOf({ calls: eachAlone(asked), callsPerPart }) };
  const apart = (await rows.apart?.(readParts(storage, job, rows.rowParts))) ?? new Int32Array();
  const packed = await pack({ list, apart }, endpoint);
  return { roots: packed.length, parts: partsOf({ calls: packedCalls(asked, packed), callsPerPart }) };
}

async function pack(
  { list, apart }: Pick<JobRows, 'list'> & { readonly apart: Int32Array },
  endpoint: BulkEndpoint,
): Promise<PackedCalls> {
  if (list === null) throw new Error(`${endpoint.name} is packed by its targets, but they were not kept`);
  return apart.length === 0 ? packTargets(endpoint, list) : packApart(endpoint, list, apart);
}

/** Row parts in order. The next part is read and inflated while the caller handles one. */
async function* readParts(storage: Backend, job: JobRef, rowParts: number): AsyncGenerator<StoredRowPart> {
  const read = (part: number) => {
    const reading = readRowPart(storage, job, part);
    // An error is thrown when the part's turn comes.
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
