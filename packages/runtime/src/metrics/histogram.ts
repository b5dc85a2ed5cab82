import { type About, type Family, labelText, type Sample } from './family.js';

export interface Histogram<L extends string> {
  observe(labels: Readonly<Record<L, string>>, value: number): void;
  family(): Family;
}

interface Series<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  /** The number of values in each bucket alone; the last is for values above all bounds. */
  readonly counts: number[];
  sum: number;
}

/** `bounds`: the buckets' upper ends, inclusive, in rising order: `[0.1, 0.5, 1]`. */
export function createHistogram<L extends string>(about: About, bounds: readonly number[]): Histogram<L> {
  const all = new Map<string, Series<L>>();
  return {
    observe(labels, value) {
      const key = labelText(labels);
      const series = all.get(key) ?? { labels, counts: [...bounds, 0].map(() => 0), sum: 0 };
      all.set(key, series);
      const at = bounds.findIndex((bound) => value <= bound);
      const bucket = at === -1 ? bounds.length : at;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += value;
    },
    family: () => ({
      ...about,
      type: 'histogram',
      samples: [...all.values()].flatMap((series) => samplesOf(series, bounds)),
    }),
  };
}

function samplesOf({ labels, counts, sum }: Series<string>, bounds: readonly number[]): Sample[] {
  let below = 0;
  const buckets = counts.map((count, at): Sample => {
    below += count;
    return { part: 'bucket', labels: { ...labels, le: String(bounds[at] ?? '+Inf') }, value: below };
  });
  return [...buckets, { part: 'sum', labels, value: sum }, { part: 'count', labels, value: below }];
}
