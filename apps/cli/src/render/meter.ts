/** The rate is measured over this time. */
const WINDOW_MS = 15_000;
/** A rate over a shorter time would be too inexact. */
const LEAST_MS = 400;

/** Measures how fast a count grows. Takes a time in ms and the count. Returns the rate per second, or null if unknown. */
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
