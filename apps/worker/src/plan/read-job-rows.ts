import { createTargetList, createTurns, inTurns, type TargetList, type Turn } from '@linkhaul/jobs';
import type { Endpoint } from '@linkhaul/schemas';
import { createKeptRows, type KeptRows, type StoredRowPart } from '@linkhaul/storage';
import { createLineIndex } from './line-index.js';
import { createMissingNumbers } from './number-rows.js';

export interface StoredRows {
  readonly endpoint: Endpoint;
  readonly rowParts: number;
  /** Distinct ones, as the job's acceptance counted them. */
  readonly targets: number;
  readonly duplicates: number;
  /** Whether it is known that no two targets have one match key. */
  readonly keysDiffer: boolean;
}

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

/** What is left to be known once the calls are packed. */
export type RowsOfTargets = Omit<AskedRows, 'list'>;

interface SharedTargets {
  /** Of each distinct target, in input order, the first row. */
  readonly firsts: Int32Array;
  /** Of each row the next one with the same target, or 0. */
  readonly followers: Int32Array;
}

/** Reads all rows, and keeps them as they are stored; everything else about them is kept as numbers: millions fit. */
export async function readAsked(parts: AsyncIterable<StoredRowPart>, stored: StoredRows): Promise<AskedRows> {
  const { endpoint, targets, keysDiffer, duplicates } = stored;
  const turn = createTurns();
  const rows = createKeptRows(targets + duplicates);
  const list = endpoint.kind === 'bulk' ? createTargetList(endpoint, { capacity: targets, keysDiffer }) : null;
  const sharing = duplicates === 0 ? null : createSharing({ rows: targets + duplicates, targets });
  const firsts = keysDiffer ? null : createLineIndex(targets);
  const missing = createMissingNumbers(endpoint);
  for await (const { lines, numbers } of parts) {
    const before = rows.count;
    rows.add(lines);
    if (list === null && sharing === null) continue;
    const known = list === null ? null : (numbers ?? (await missing(lines, turn)));
    await inTurns(rows.count - before, turn, (index) => {
      const place = rows.place(before + index);
      if (sharing !== null) sharing.add(place);
      else if (place.first !== 0) throw new Error(`line ${place.line} is a duplicate, of which none was counted`);
      if (list === null || known === null || place.first !== 0) return;
      firsts?.add(place.line);
      const alike = known.alikeOf(index);
      list.add({ domain: known.domainOf(index), alike: alike === 0 ? -1 : (firsts?.at(alike) ?? -1) });
    });
  }
  const shared = (await sharing?.build(turn)) ?? null;
  return { rows, targets: shared?.firsts.length ?? rows.count, shared, list: list?.build() ?? null };
}

/** The rows of a target: the first, then those that share its answer, in order. */
export function* withFollowers({ shared }: RowsOfTargets, target: number): Generator<number> {
  if (shared === null) return yield target;
  const { firsts, followers } = shared;
  const first = firsts[target] ?? 0;
  yield first;
  for (let row = followers[first] ?? 0; row !== 0; row = followers[row] ?? 0) yield row;
}

/** Finds the rows that share a target. */
function createSharing(most: { readonly rows: number; readonly targets: number }) {
  const lines = createLineIndex(most.rows);
  const firsts = new Int32Array(most.targets);
  const followers = new Int32Array(most.rows);
  let [count, distinct] = [0, 0];
  return {
    /** Takes the row that comes next. */
    add({ line, first }: { readonly line: number; readonly first: number }): void {
      // Until all rows are read, a duplicate's first row stands there, below zero.
      if (first !== 0) followers[count] = -1 - lines.at(first);
      else firsts[distinct++] = count;
      lines.add(line);
      count++;
    },
    async build(turn: Turn): Promise<SharedTargets> {
      await chain(followers, count, turn);
      return { firsts: firsts.subarray(0, distinct), followers };
    },
  };
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
