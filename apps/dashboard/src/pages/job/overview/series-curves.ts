/** One point of a job's series: what was added during its time. */
interface SeriesPoint {
  readonly at: string;
  readonly ms: number;
  readonly calls: number;
  readonly rows: { readonly ok: number; readonly empty: number; readonly failed: number };
  readonly cost_usd: number;
  readonly latency_ms: { readonly mean: number; readonly max: number } | null;
}

export interface Series {
  /** The length of each point, in milliseconds. */
  readonly ms: number;
  /** Oldest first. There is no point for a time in which nothing changed. */
  readonly points: readonly SeriesPoint[];
}

export interface Curve {
  /** In milliseconds, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Rows per second. Between points nothing happened, so the curve falls to 0 there. */
export function throughputCurve({ points }: Series): Curve {
  const steps: [time: number, rate: number][] = [];
  for (const point of points) {
    const begins = Date.parse(point.at);
    const idleFrom = steps.at(-1)?.[0];
    if (idleFrom === undefined || idleFrom < begins) {
      if (idleFrom !== undefined) steps.push([Math.min(idleFrom + point.ms, begins), 0]);
      if (idleFrom === undefined || idleFrom + point.ms < begins) steps.push([begins, 0]);
    }
    steps.push([begins + point.ms, ratePerSecond(rowsOf(point), point.ms)]);
  }
  return { times: steps.map(([time]) => time), values: [steps.map(([, rate]) => rate)] };
}

/** Points without an answer are skipped. If there are more of them in a row than this, the curve is interrupted. */
const LONGEST_BRIDGE = 5;

/** The mean and the longest time between the sending of a call and its answer. */
export function latencyCurve({ ms, points: [first, ...rest] }: Series): Curve {
  if (first === undefined) return { times: [], values: [[], []] };
  const steps: [time: number, mean: number | null, max: number | null][] = [[Date.parse(first.at), null, null]];
  let answeredAt = Date.parse(first.at);
  for (const { at, latency_ms } of [first, ...rest]) {
    const ends = Date.parse(at) + ms;
    if (latency_ms === null) continue;
    if (ends - answeredAt > LONGEST_BRIDGE * ms) steps.push([answeredAt + ms, null, null]);
    steps.push([ends, latency_ms.mean, latency_ms.max]);
    answeredAt = ends;
  }
  return {
    times: steps.map(([time]) => time),
    values: [steps.map(([, mean]) => mean), steps.map(([, , max]) => max)],
  };
}

/** The total spent, from 0 at the beginning. It is level while nothing happens. */
export function spendCurve({ points }: Series): Curve {
  const times: number[] = [];
  const spent: number[] = [];
  let sum = 0;
  for (const { at, ms, cost_usd } of points) {
    const begins = Date.parse(at);
    if (times.at(-1) !== begins) {
      times.push(begins);
      spent.push(sum);
    }
    sum += cost_usd;
    times.push(begins + ms);
    spent.push(sum);
  }
  return { times, values: [spent] };
}

export interface Rates {
  readonly rows: number;
  readonly calls: number;
}

/** The present rate is an average over this time, so that it does not jump with every answer. */
const RATE_OVER_MS = 15_000;

/** Rows decided per second, at present: over the last complete points. */
export function rateNow({ ms, points }: Series, now: number): Rates {
  const over = Math.max(RATE_OVER_MS, 3 * ms);
  const [first] = points;
  const age = first === undefined ? over : Math.max(ms, now - Date.parse(first.at));
  return rateOver(
    points.filter(({ at }) => Date.parse(at) > now - over),
    Math.min(over, age),
  );
}

/** Rows decided per second while the job was busy. Pauses do not count. */
export function rateWhileBusy({ ms, points }: Series): Rates {
  return rateOver(points, Math.max(ms, points.length * ms));
}

function rateOver(points: readonly SeriesPoint[], ms: number): Rates {
  return {
    rows: ratePerSecond(sum(points.map(rowsOf)), ms),
    calls: ratePerSecond(sum(points.map(({ calls }) => calls)), ms),
  };
}

function rowsOf({ rows }: SeriesPoint): number {
  return rows.ok + rows.empty + rows.failed;
}

/** A point may have a negative count, when rows were run again. A rate is never negative. */
function ratePerSecond(number: number, ms: number): number {
  return Math.max(0, number) / (ms / 1000);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
