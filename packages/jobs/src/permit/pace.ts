import type { Job } from '@linkhaul/schemas';
import type { Capacity } from './capacity.js';
import { sendInterval } from './send-interval.js';

/** Calls per second that the account can make: what the rate, the slots and the workers' places allow. */
export function callsPerSecond({ maxPerMinute, slots, places, latencyMs }: Capacity): number {
  const byRate = 1000 / sendInterval(maxPerMinute);
  if (latencyMs === null || latencyMs <= 0) return byRate;
  return Math.min(byRate, (1000 * Math.min(slots, places)) / latencyMs);
}

/** What will limit the speed of this many calls, before any is sent. Null if they can all be sent at once. */
export function boundAhead(calls: number, { maxPerMinute, slots, places, latencyMs }: Capacity): Job['bound_by'] {
  if (places === 0) return 'no_workers';
  const room = Math.min(slots, places);
  const interval = sendInterval(maxPerMinute);
  if (latencyMs === null || interval >= latencyMs / room) return 'upstream_rate';
  if (calls <= room && calls * interval <= latencyMs) return null;
  return places < slots ? 'workers' : 'upstream_in_flight';
}

/** How many workers keep the account busy, if each has as many places as the present ones. */
export function usefulWorkers({ maxInFlight, workers, places }: Capacity): number {
  const each = workers === 0 ? maxInFlight : places / workers;
  return Math.max(1, Math.ceil(maxInFlight / Math.max(1, each)));
}

interface Remaining {
  readonly pending: number;
  readonly total: number;
  readonly done: number;
  readonly planned: number;
}

/** How many calls a job will still make: those planned or, if more, as many per row as its decided rows took. */
export function callsLeft({ pending, total, done, planned }: Remaining): number {
  const decided = total - pending;
  const perRow = decided > 0 ? done / decided : 0;
  return Math.max(planned - done, Math.ceil(pending * perRow), 0);
}

/**
 * How long a job of this many calls takes, in ms, computed as in `etaMs`; a call takes at least as long as an answer.
 * Null without workers.
 */
export function durationMs(calls: number, others: readonly number[], capacity: Capacity): number | null {
  if (capacity.places === 0) return null;
  return calls === 0 ? 0 : Math.max(Math.round(capacity.latencyMs ?? 0), etaMs(calls, others, capacity));
}

/** How long until a job ends, in ms. Jobs take turns: each other job gets as many calls as this one, or ends before. */
export function etaMs(left: number, others: readonly number[], capacity: Capacity): number {
  const before = others.reduce((sum, other) => sum + Math.min(other, left), left);
  const waitMs = capacity.wait?.forMs ?? 0;
  return Math.round((1000 * before) / callsPerSecond(capacity) + waitMs);
}
