import type { Nanos } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';

/**
 * What was added to a job's counts in a span of time. A count is negative if rows were run again or an answer was found
 * damaged.
 */
export interface SeriesPoint {
  readonly at: number;
  readonly calls: number;
  readonly ok: number;
  readonly empty: number;
  readonly failed: number;
  readonly items: number;
  readonly spent: Nanos;
  readonly answers: number;
  /** The sum over all answers. */
  readonly latencyMs: number;
  readonly longestMs: number;
}

/** Spans without a change have no point. */
export interface Series {
  /** The length of a span. */
  readonly ms: number;
  readonly points: readonly SeriesPoint[];
}

/** The counts of jobs over time. At every moment, the sums over all points are the job's counts. */
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
