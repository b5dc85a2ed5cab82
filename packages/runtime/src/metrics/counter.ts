import { type About, type Family, labelText } from './family.js';

export interface Counter<L extends string> {
  add(labels: Readonly<Record<L, string>>, by?: number): void;
  family(): Family;
}

/**
 * A metric that only grows. `known`: series that begin at 0. Prometheus does not see the first increase of any other
 * series.
 */
export function createCounter<L extends string = never>(
  about: About,
  known: readonly Readonly<Record<L, string>>[],
): Counter<L> {
  const series = new Map<string, { labels: Readonly<Record<L, string>>; value: number }>();
  const add = (labels: Readonly<Record<L, string>>, by = 1) => {
    const key = labelText(labels);
    series.set(key, { labels, value: (series.get(key)?.value ?? 0) + by });
  };
  for (const labels of known) add(labels, 0);
  return { add, family: () => ({ ...about, type: 'counter', samples: [...series.values()] }) };
}
