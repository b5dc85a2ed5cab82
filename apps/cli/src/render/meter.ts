/** The rate is that of so long; shorter swings do not show. */
const WINDOW_MS = 15_000;
/** What moved in less time than this says nothing yet. */
const LEAST_MS = 400;

/** Learns how fast a count grows. Returns the rate a second of late, or null while nothing can be said. */
export function createMeter(): (at: number, count: number) => number | null {
  let samples: { readonly at: number; readonly count: number }[] = [];
  return (at, count) => {
    samples.push({ at, count });
    const oldest = samples.findLastIndex((sample) => sample.at <= at - WINDOW_MS);
    samples = samples.slice(Math.max(0, oldest));
    const first = samples[0];
    if (first === undefined || at - first.at < LEAST_MS || count <= first.count) return null;
    return ((count - first.count) / (at - first.at)) * 1000;
  };
}
