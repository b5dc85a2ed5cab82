import type { Nanos } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';

/** What was added to a job's counts in a time. A count may be negative: where rows are run again, or an answer is found damaged. */
export interface SeriesPoint {
  readonly at: number;
  readonly calls: number;
  readonly ok: number;
  readonly empty: number;
  readonly failed: number;
  readonly items: number;
  readonly spent: Nanos;
  readonly answers: number;
  /** Of all answers together. */
  readonly latencyMs: number;
  readonly longestMs: number;
}

/** Times without a change have no point. */
export interface Series {
  /** How long each point is. */
  readonly ms: number;
  readonly points: readonly SeriesPoint[];
}

/** Jobs over time. The sums over all points are the job's counts, at every moment. */
export interface SeriesReader {
  of(job: JobRef): Promise<Series>;
}

export function createSeriesReader({ redis, keys }: Access): SeriesReader {
  return {
    async of(job) {
      const [width = CONSTANTS.POINT_MS, ...points] = await redis.lrange(keys.series(job), 0, -1);
      const ms = Number(width);
      return { ms, points: points.map((text) => pointOf(text, ms)) };
    },
  };
}

function pointOf(text: string, ms: number): SeriesPoint {
  const [time = 0, calls = 0, ok = 0, empty = 0, failed = 0, items = 0, spent = 0, ...latencies] = text
    .split(',')
    .map(Number);
  const [answers = 0, latencyMs = 0, longestMs = 0] = latencies;
  return { at: time * ms, calls, ok, empty, failed, items, spent, answers, latencyMs, longestMs };
}
