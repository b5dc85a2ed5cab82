/** One point of a job's series: what was added in its time. */
interface SeriesPoint {
  readonly at: string;
  readonly ms: number;
  readonly calls: number;
  readonly rows: { readonly ok: number; readonly empty: number; readonly failed: number };
  readonly cost_usd: number;
  readonly latency_ms: { readonly mean: number; readonly max: number } | null;
}

export interface Series {
  /** How long each point is. */
  readonly ms: number;
  /** Oldest first. Times in which nothing changed have none. */
  readonly points: readonly SeriesPoint[];
}

export interface Curve {
  /** In milliseconds, rising. */
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Rows a second. A time without points is one in which nothing happened: the curve falls to 0 and comes back. */
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

/** Points without an answer are passed over; where there are more in a row than this, the curve is broken. */
const LONGEST_BRIDGE = 5;

/** Mean and longest time from the sending of a call to its answer. */
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

/** What is spent in all, from 0 at the beginning, and level where nothing happened. */
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

/** A rate is told over this long, so that it does not jump with every answer. */
const RATE_OVER_MS = 15_000;

/** What is decided a second now: over the last whole points. */
export function rateNow({ ms, points }: Series, now: number): Rates {
  const over = Math.max(RATE_OVER_MS, 3 * ms);
  const [first] = points;
  const age = first === undefined ? over : Math.max(ms, now - Date.parse(first.at));
  return rateOver(
    points.filter(({ at }) => Date.parse(at) > now - over),
    Math.min(over, age),
  );
}

/** What was decided a second while something was: pauses do not count. */
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

/** Rows that are run again count less than none where that happened; a rate does not. */
function ratePerSecond(number: number, ms: number): number {
  return Math.max(0, number) / (ms / 1000);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
