import type { BulkEndpoint, Endpoint } from '@linkhaul/schemas';
import { packByDomain } from './by-domain.js';
import { dealTargets } from './dealing.js';
import type { Ordering } from './ordering.js';
import { listTargets, type TargetList } from './target-list.js';
import { createTurns } from './turns.js';

/** Calls by index from 0 to below `length`: the positions of the targets of each, in order. */
export interface PackedCalls {
  readonly length: number;
  positions(call: number): Int32Array;
}

/**
 * How many calls a list of targets needs, and which targets each holds, by position. Targets must be distinct and in
 * normal form. Two targets with one match key (a host and its root page) never share a call. How few calls there are is
 * said and proved at `dealTargets`, for an endpoint that does not count domains, and at `packByDomain`. Millions of
 * targets take seconds, in slices.
 */
export async function planCalls(endpoint: Endpoint, targets: readonly string[]): Promise<PackedCalls> {
  if (endpoint.kind === 'list') return oneEach(targets.length);
  return packTargets(endpoint, await listTargets(endpoint, targets, createTurns()));
}

type Caps = Pick<BulkEndpoint, 'maxTargets' | 'maxDomains'>;

/** The same for a list that came target by target. */
export async function packTargets({ maxTargets, maxDomains }: Caps, list: TargetList): Promise<PackedCalls> {
  const turn = createTurns();
  if (maxDomains === null) return callsOf(await dealTargets(list, maxTargets, turn));
  return callsOf(await packByDomain(list, { targets: maxTargets, domains: maxDomains }, turn));
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
