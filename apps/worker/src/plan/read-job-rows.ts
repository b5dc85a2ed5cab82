import { createSlices, createTargetList, type EndSlice, inSlices, type TargetList } from '@linkhaul/jobs';
import type { Endpoint } from '@linkhaul/schemas';
import { createKeptRows, type KeptRows, type StoredRowPart } from '@linkhaul/storage';
import { createLineIndex } from './line-index.js';
import { createRowNumbering } from './number-rows.js';

export interface StoredRows {
  /** Finds the targets that get calls of their own, because they have stored answers. Undefined if the job reuses none. */
  readonly apart?: (parts: AsyncIterable<StoredRowPart>) => Promise<Int32Array>;
  readonly endpoint: Endpoint;
  readonly rowParts: number;
  /** Distinct targets, as counted when the job was accepted. */
  readonly targets: number;
  readonly duplicates: number;
  /** Whether no two targets have the same match key. */
  readonly keysDiffer: boolean;
}

/** The rows of a job and their targets. Rows are numbered from 0 over all parts. */
export interface JobRows {
  readonly rows: KeptRows;
  /** Distinct targets. */
  readonly targets: number;
  /** Null if every row has a target of its own. */
  readonly shared: SharedTargets | null;
  /** For packing. Null if a call holds one target. */
  readonly list: TargetList | null;
}

/** The data that is still needed after packing. */
export type RowsOfTargets = Omit<JobRows, 'list'>;

interface SharedTargets {
  /** The first row of each distinct target, in input order. */
  readonly firsts: Int32Array;
  /** For each row, the next row with the same target, or 0. */
  readonly followers: Int32Array;
}

/** Reads all rows. Keeps their bytes as stored, and everything else as numbers, so that millions of rows fit in memory. */
export async function readJobRows(parts: AsyncIterable<StoredRowPart>, stored: StoredRows): Promise<JobRows> {
  const { endpoint, targets, keysDiffer, duplicates } = stored;
  const endSlice = createSlices();
  const rows = createKeptRows(targets + duplicates);
  const list = endpoint.kind === 'bulk' ? createTargetList(endpoint, { capacity: targets, keysDiffer }) : null;
  const sharing = duplicates === 0 ? null : createSharing({ rows: targets + duplicates, targets });
  const firsts = keysDiffer ? null : createLineIndex(targets);
  const number = createRowNumbering(endpoint);
  for await (const { lines, numbers } of parts) {
    const before = rows.count;
    rows.add(lines);
    if (list === null && sharing === null) continue;
    const known = list === null ? null : (numbers ?? (await number(lines, endSlice)));
    await inSlices(rows.count - before, endSlice, (index) => {
      const place = rows.place(before + index);
      if (sharing !== null) sharing.add(place);
      else if (place.first !== 0)
        throw new Error(`line ${place.line} is a duplicate, but the job was accepted with none`);
      if (list === null || known === null || place.first !== 0) return;
      firsts?.add(place.line);
      const alike = known.alikeOf(index);
      list.add({ domain: known.domainOf(index), alike: alike === 0 ? -1 : (firsts?.at(alike) ?? -1) });
    });
  }
  const shared = (await sharing?.build(endSlice)) ?? null;
  return { rows, targets: shared?.firsts.length ?? rows.count, shared, list: list?.build() ?? null };
}

/** The rows of a target, in input order. */
export function* withFollowers({ shared }: RowsOfTargets, target: number): Generator<number> {
  if (shared === null) return yield target;
  const { firsts, followers } = shared;
  const first = firsts[target] ?? 0;
  yield first;
  for (let row = followers[first] ?? 0; row !== 0; row = followers[row] ?? 0) yield row;
}

/** Links the rows that share a target. */
function createSharing(most: { readonly rows: number; readonly targets: number }) {
  const lines = createLineIndex(most.rows);
  const firsts = new Int32Array(most.targets);
  const followers = new Int32Array(most.rows);
  let [count, distinct] = [0, 0];
  return {
    /** Adds the next row. */
    add({ line, first }: { readonly line: number; readonly first: number }): void {
      // Until all rows are read, a duplicate has the index of its first row here, as -1 - index.
      if (first !== 0) followers[count] = -1 - lines.at(first);
      else firsts[distinct++] = count;
      lines.add(line);
      count++;
    },
    async build(endSlice: EndSlice): Promise<SharedTargets> {
      await chain(followers, count, endSlice);
      return { firsts: firsts.subarray(0, distinct), followers };
    },
  };
}

/** Turns the links from each duplicate to its first row into chains in input order. */
async function chain(followers: Int32Array, rows: number, endSlice: EndSlice): Promise<void> {
  await inSlices(rows, endSlice, (index) => {
    const row = rows - 1 - index;
    const first = -1 - (followers[row] ?? 0);
    if (first < 0) return;
    followers[row] = followers[first] ?? 0;
    followers[first] = row;
  });
}
