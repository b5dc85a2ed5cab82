/** A limit of requests in any rolling window. */
export interface WindowLimit {
  readonly ms: number;
  readonly most: number;
}

export interface Limits {
  readonly inFlight: number;
  readonly windows: readonly WindowLimit[];
}

/** The limit that a request exceeds, by the real upstream's code. */
export type Refusal = 40202 | 40209;

/** An accepted request, from its arrival to the time of its answer. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly caller: string;
}

export interface Observation {
  /** During the measurement. A call that is only partly within it counts by that part. */
  readonly perSecond: number;
  readonly meanMs: number;
  readonly byCaller: readonly number[];
  /** Since the start, warm-up included: limits must always hold. */
  readonly mostInFlight: number;
  /** The most requests in any rolling window, for each limit. Refused requests count too. */
  readonly worst: readonly number[];
  readonly refused: number;
}

interface Arrival {
  readonly at: number;
  readonly caller: string;
  readonly latencyMs: number;
}

/** Counts the requests that reach an upstream, and refuses those above its limits. All times are by the caller's clock. */
export function createCounter({ inFlight: places, windows }: Limits) {
  const arrivals: number[] = [];
  const accepted: number[] = [];
  const runs = new Map<number, Run>();
  let inFlight = 0;
  let mostInFlight = 0;
  let refused = 0;

  const refusalAt = (now: number): Refusal | null => {
    if (inFlight > places) return 40209;
    const isFull = ({ ms, most }: WindowLimit) => (accepted.at(-most) ?? Number.NEGATIVE_INFINITY) > now - ms;
    return windows.some(isFull) ? 40202 : null;
  };

  return {
    get arrivals() {
      return arrivals.length;
    },
    /** The request's number, or why it is refused. In both cases the request is in flight until `leave`. */
    arrive({ at, caller, latencyMs }: Arrival): { run: number } | { refusal: Refusal } {
      arrivals.push(at);
      inFlight++;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const refusal = refusalAt(at);
      if (refusal !== null) {
        refused++;
        return { refusal };
      }
      accepted.push(at);
      runs.set(runs.size, { from: at, to: at + latencyMs, caller });
      return { run: runs.size - 1 };
    },
    leave(run: number | null, at: number): void {
      inFlight--;
      const known = run === null ? undefined : runs.get(run);
      if (run !== null && known !== undefined) runs.set(run, { ...known, to: at });
    },
    observe(span: { from: number; to: number }): Observation {
      const shares = [...runs.values()].map((run) => ({ ...run, share: shareWithin(run, span) }));
      const within = shares.filter(({ share }) => share > 0);
      return {
        perSecond: (1000 * sum(shares.map(({ share }) => share))) / (span.to - span.from),
        meanMs: sum(within.map(({ from, to }) => to - from)) / within.length,
        byCaller: sharesByCaller(within),
        mostInFlight,
        worst: windows.map(({ ms }) => fullest(arrivals, ms)),
        refused,
      };
    },
  };
}

function sharesByCaller(runs: readonly { readonly caller: string; readonly share: number }[]): number[] {
  const shares = new Map<string, number>();
  for (const { caller, share } of runs) shares.set(caller, (shares.get(caller) ?? 0) + share);
  return [...shares.values()];
}

function shareWithin(run: Run, { from, to }: { from: number; to: number }): number {
  return Math.max(0, Math.min(run.to, to) - Math.max(run.from, from)) / (run.to - run.from);
}

/** The most of these ascending times that are in one window of this length. */
function fullest(times: readonly number[], ms: number): number {
  let first = 0;
  let most = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Jain's index over `callers` callers: 1 if all have the same share, 1/n if one has everything. */
export function fairness(shares: readonly number[], callers: number): number {
  return sum(shares) ** 2 / (callers * sum(shares.map((share) => share ** 2)));
}
