import { createTargetList, createTurns, inTurns, type TargetList, type Turn } from '@linkhaul/jobs';
import { createKeptRows, type KeptRows, ROWS_PER_PART } from '@linkhaul/storage';
import type { StoredRows } from './write-job-plan.js';

/** What a job asks for. Rows are counted from 0, over all parts. */
export interface AskedRows {
  readonly rows: KeptRows;
  /** Distinct ones. */
  readonly targets: number;
  /** Null where every row has a target of its own. */
  readonly shared: SharedTargets | null;
  /** For packing; null where a call holds one target. */
  readonly list: TargetList | null;
}

interface SharedTargets {
  /** Of each distinct target, in input order, the first row. */
  readonly firsts: Int32Array;
  /** Of each row the next one with the same target, or 0. */
  readonly followers: Int32Array;
}

/** Reads all rows, and keeps them as they are stored; everything else about them is kept as numbers: millions fit. */
export async function readAsked(parts: AsyncIterable<Buffer>, stored: StoredRows): Promise<AskedRows> {
  const { endpoint, rowParts, keysDiffer, duplicates } = stored;
  const turn = createTurns();
  const capacity = rowParts * ROWS_PER_PART;
  const rows = createKeptRows(rowParts);
  const list = endpoint.kind === 'bulk' ? createTargetList(endpoint, { capacity, keysDiffer }) : null;
  const sharing = duplicates === 0 ? null : createSharing(rows, capacity);
  for await (const part of parts) {
    const first = rows.count;
    rows.add(part);
    if (list === null && sharing === null) continue;
    await inTurns(rows.count - first, turn, (index) => {
      const row = first + index;
      const place = rows.place(row);
      if (sharing !== null) sharing.add(row, place);
      else if (place.first !== 0) throw new Error(`line ${place.line} is a duplicate, of which none was counted`);
      if (place.first === 0) list?.add(place);
    });
  }
  const shared = (await sharing?.build(turn)) ?? null;
  return { rows, targets: shared?.firsts.length ?? rows.count, shared, list: list?.build() ?? null };
}

/** The rows of a target: the first, then those that share its answer, in order. */
export function* withFollowers({ shared }: AskedRows, target: number): Generator<number> {
  if (shared === null) return yield target;
  const { firsts, followers } = shared;
  const first = firsts[target] ?? 0;
  yield first;
  for (let row = followers[first] ?? 0; row !== 0; row = followers[row] ?? 0) yield row;
}

/** Finds the rows that share a target. */
function createSharing(rows: KeptRows, capacity: number) {
  const lines = new Int32Array(capacity);
  const firsts = new Int32Array(capacity);
  const followers = new Int32Array(capacity);
  let distinct = 0;
  return {
    add(row: number, { line, first }: { readonly line: number; readonly first: number }): void {
      lines[row] = line;
      if (first === 0) firsts[distinct++] = row;
      // Until all rows are read, a duplicate's first row stands there, below zero.
      else followers[row] = -1 - rowOfLine(lines, row, first);
    },
    async build(turn: Turn): Promise<SharedTargets> {
      await chain(followers, rows.count, turn);
      return { firsts: firsts.subarray(0, distinct), followers };
    },
  };
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
