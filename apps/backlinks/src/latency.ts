import { z } from 'zod';
import { createRandom } from './random.js';

const MAX_MS = 600_000;

const ms = z.number().min(0).max(MAX_MS);
const seed = z.int().default(1);

/** The least time that a call takes: constant, or drawn for each call. The longest draw is ten minutes. */
export const latencySetting = z.union([
  z.int().min(0).max(MAX_MS),
  z.discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('uniform'), min_ms: ms, max_ms: ms, seed })
      .refine(({ min_ms, max_ms }) => min_ms <= max_ms, { path: ['max_ms'], error: 'is less than min_ms' }),
    z
      .strictObject({ kind: z.literal('lognormal'), median_ms: ms.min(1), p99_ms: ms.min(1), seed })
      .refine(({ median_ms, p99_ms }) => median_ms <= p99_ms, { path: ['p99_ms'], error: 'is less than median_ms' }),
    z.strictObject({ kind: z.literal('exponential'), mean_ms: ms, seed }),
  ]),
]);

export type LatencySetting = z.infer<typeof latencySetting>;
type Distribution = Exclude<LatencySetting, number>;

/** The 99th percentile of the normal distribution, in standard deviations. */
const P99_DEVIATIONS = 2.326347874040841;

/** Draws from the present setting. When a distribution is set again, its series begins again. */
export function createLatency(settings: { readonly latency_ms: LatencySetting }): () => number {
  let drawnFrom: LatencySetting | null = null;
  let random = createRandom(1);
  return () => {
    const set = settings.latency_ms;
    if (typeof set === 'number') return set;
    if (set !== drawnFrom) {
      drawnFrom = set;
      random = createRandom(set.seed);
    }
    return Math.min(MAX_MS, Math.round(draw(set, random)));
  };
}

function draw(from: Distribution, random: () => number): number {
  switch (from.kind) {
    case 'uniform':
      return from.min_ms + random() * (from.max_ms - from.min_ms);
    case 'exponential':
      return -from.mean_ms * Math.log(1 - random());
    case 'lognormal': {
      const deviation = Math.log(from.p99_ms / from.median_ms) / P99_DEVIATIONS;
      return from.median_ms * Math.exp(deviation * normal(random));
    }
  }
}

/** The Box-Muller transform. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
