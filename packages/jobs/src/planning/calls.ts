import type { BulkEndpoint, Endpoint } from '@linkhaul/schemas';
import { dealTargets } from './dealing.js';
import { cutTargets } from './layers.js';
import type { Ordering } from './ordering.js';
import { packPieces, type Stretch } from './packing.js';
import { createSlices } from './slices.js';
import { listTargets, type TargetList } from './target-list.js';

/** Calls by index, from 0: the positions of the targets of each call, in order. */
export interface PackedCalls {
  readonly length: number;
  positions(call: number): Int32Array;
}

/**
 * How many calls a list of targets needs, and which targets each call holds, by position. Targets must be distinct and
 * in normal form. Two targets with the same match key (a host and its root page) never share a call. For how few calls
 * there are see `dealTargets` if the endpoint does not count domains, and `packPieces` if it does. Millions of targets
 * take seconds, in slices.
 */
export async function planCalls(endpoint: Endpoint, targets: readonly string[]): Promise<PackedCalls> {
  if (endpoint.kind !== 'bulk') return oneEach(targets.length);
  return packTargets(endpoint, await listTargets(endpoint, targets, createSlices()));
}

type Caps = Pick<BulkEndpoint, 'maxTargets' | 'maxDomains'>;

/** Like `planCalls`, for targets that were listed one by one. */
export async function packTargets({ maxTargets, maxDomains }: Caps, list: TargetList): Promise<PackedCalls> {
  const endSlice = createSlices();
  if (maxDomains === null) return callsOf(await dealTargets(list, maxTargets, endSlice));
  const { order, pieces } = await cutTargets(list, maxTargets, endSlice);
  const starts = [0];
  const positions = new Int32Array(list.count);
  for await (const call of packPieces(pieces, { targets: maxTargets, domains: maxDomains }, endSlice)) {
    starts.push(fill(positions, starts.at(-1) ?? 0, { order, call }));
  }
  return callsOf({ positions, starts: Int32Array.from(starts) });
}

/** Writes the targets of a call, in order, beginning at a place. Returns the place behind them. */
function fill(positions: Int32Array, at: number, { order, call }: { order: Int32Array; call: Stretch[] }): number {
  let end = at;
  for (const { from, to } of call) {
    positions.set(order.subarray(from, to), end);
    end += to - from;
  }
  positions.subarray(at, end).sort();
  return end;
}

function callsOf({ positions, starts }: Ordering): PackedCalls {
  return {
    length: starts.length - 1,
    positions: (call) => positions.subarray(starts[call], starts[call + 1]),
  };
}

function oneEach(length: number): PackedCalls {
  return { length, positions: (call) => Int32Array.of(call) };
}
