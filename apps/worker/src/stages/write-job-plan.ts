import {
  createTargetList,
  createTurns,
  inTurns,
  type PackedCalls,
  packTargets,
  type TargetList,
  type Turn,
} from '@linkhaul/jobs';
import type { Endpoint } from '@linkhaul/schemas';
import {
  type Backend,
  CALLS_PER_PART,
  createKeptRows,
  type JobRef,
  type KeptRows,
  ROWS_PER_PART,
  readRowBytes,
  writePlanBytes,
} from '@linkhaul/storage';

interface StoredRows {
  readonly endpoint: Endpoint;
  readonly rowParts: number;
}

/**
 * Writes the plan of a job from its stored rows; the distinct targets and the calls. Rows are kept as the bytes they are
 * stored in, and everything else about them as numbers: millions of them fit.
 */
export async function writeJobPlan(
  storage: Backend,
  job: JobRef,
  stored: StoredRows,
): Promise<{ targets: number; roots: number }> {
  const asked = await readAsked(storage, job, stored);
  const { endpoint } = stored;
  const packed = endpoint.kind === 'bulk' && asked.list !== null ? await packTargets(endpoint, asked.list) : null;
  const calls = packed === null ? eachAlone(asked) : packedCalls(asked, packed);
  const roots = await writePlanBytes(storage, job, { calls, callsPerPart: CALLS_PER_PART[endpoint.kind] });
  return { targets: asked.targets.length, roots };
}

/** What a job asks for. Rows are counted from 0, over all parts. */
interface Asked {
  readonly rows: KeptRows;
  /** Of each distinct target, in input order, the first row. */
  readonly targets: Int32Array;
  /** Of each row the next one with the same target, or 0. */
  readonly followers: Int32Array;
  /** For packing; null where a call holds one target. */
  readonly list: TargetList | null;
}

async function readAsked(storage: Backend, job: JobRef, { endpoint, rowParts }: StoredRows): Promise<Asked> {
  const turn = createTurns();
  const capacity = rowParts * ROWS_PER_PART;
  const rows = createKeptRows(rowParts);
  const list = endpoint.kind === 'bulk' ? createTargetList(endpoint, capacity) : null;
  const lines = new Int32Array(capacity);
  const targets = new Int32Array(capacity);
  const followers = new Int32Array(capacity);
  let distinct = 0;
  for (let part = 0; part < rowParts; part++) {
    const first = rows.count;
    rows.add(await readRowBytes(storage, job, part));
    await inTurns(rows.count - first, turn, (index) => {
      const row = first + index;
      const { line, target, duplicateOf } = rows.row(row);
      lines[row] = line;
      if (duplicateOf === null) {
        targets[distinct++] = row;
        list?.add(target);
      } else {
        // Until all rows are read, a duplicate's first row stands there, below zero.
        followers[row] = -1 - rowOfLine(lines, row, duplicateOf);
      }
    });
  }
  await chain(followers, rows.count, turn);
  return { rows, targets: targets.subarray(0, distinct), followers, list: list?.build() ?? null };
}

/** The row that stands on a line, of the so many first ones. Lines only grow. */
function rowOfLine(lines: Int32Array, rows: number, line: number): number {
  let [from, to] = [0, rows];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((lines[middle] ?? 0) < line) from = middle + 1;
    else to = middle;
  }
  if (from === rows || lines[from] !== line)
    throw new Error(`no row stands on line ${line}, of which another is a duplicate`);
  return from;
}

/** From each duplicate's first row to chains in order. */
async function chain(followers: Int32Array, rows: number, turn: Turn): Promise<void> {
  await inTurns(rows, turn, (index) => {
    const row = rows - 1 - index;
    const first = -1 - (followers[row] ?? 0);
    if (first < 0) return;
    followers[row] = followers[first] ?? 0;
    followers[first] = row;
  });
}

function* eachAlone({ rows, targets, followers }: Asked): Generator<Buffer> {
  for (const row of targets) yield rows.call(withFollowers(row, followers));
}

function* packedCalls({ rows, targets, followers }: Asked, packed: PackedCalls): Generator<Buffer> {
  for (let call = 0; call < packed.length; call++) {
    const positions = [...packed.positions(call)];
    yield rows.call(positions.flatMap((position) => withFollowers(targets[position] ?? 0, followers)));
  }
}

function withFollowers(first: number, followers: Int32Array): number[] {
  const rows = [first];
  for (let row = followers[first] ?? 0; row !== 0; row = followers[row] ?? 0) rows.push(row);
  return rows;
}
