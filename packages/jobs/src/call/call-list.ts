import type { CallStatus } from '@linkhaul/schemas';
import type { JobRef, PlannedRun } from '@linkhaul/storage';
import type { Access } from '../redis/access.js';
import { nextBit } from '../redis/bitmap.js';
import { type CallSnapshot, readSnapshot } from './call-snapshot.js';
import { type ListedCall, listedCall, restingStatus } from './listed-call.js';

interface PageRequest {
  /** The runs that the caller knows. Calls of later runs are not shown. */
  readonly runs: readonly Pick<PlannedRun, 'base' | 'roots'>[];
  /** The last call of the previous page. */
  readonly after: number;
  readonly limit: number;
  readonly statuses: ReadonlySet<CallStatus>;
}

interface CallPage {
  readonly calls: readonly ListedCall[];
  /** Where the next page begins; null at the end. A page may be short although there is a next one. */
  readonly next: number | null;
}

export interface CallList {
  /** The calls of a job by number: those that exist and have one of these statuses. */
  page(job: JobRef, page: PageRequest): Promise<CallPage>;
}

/** Without this limit, one request for a rare status would read a whole job. */
const MOST_LOOKED_AT = 100_000;
const MOST_LIVE_READ = 5_000;
const BATCH = 500;

export function createCallList(access: Access): CallList {
  const { redis, keys } = access;
  const read = async (job: JobRef, known: CallSnapshot, calls: readonly number[]): Promise<ListedCall[]> => {
    const live = calls.filter((call) => known.live.has(call));
    const states = await Promise.all(
      live.map((call) => redis.hmget(keys.call(job, call), 'state', 'attempt', 'worker', 'sent_at', 'nonce')),
    );
    const byCall = new Map(live.map((call, at) => [call, states[at]]));
    // A call without a state was settled after the snapshot: a new snapshot shows it.
    const isGone = states.some(([state]) => state === null);
    const now = isGone ? await readSnapshot(access, job) : known;
    return calls.map((call) => listedCall(call, now, byCall.get(call)));
  };
  return {
    async page(job, { runs, after, limit, statuses }) {
      const known = await readSnapshot(access, job);
      const numbers = existing(known, { runs, after });
      const found: ListedCall[] = [];
      let [lookedAt, liveRead] = [0, 0];
      for (;;) {
        const batch = nextWanted(numbers, { known, statuses, most: Math.min(BATCH, limit + 1 - found.length) });
        found.push(...(await read(job, known, batch.calls)).filter(({ status }) => statuses.has(status)));
        if (found.length > limit) return { calls: found.slice(0, limit), next: found[limit - 1]?.call ?? null };
        if (batch.last === null) return { calls: found, next: null };
        lookedAt += batch.lookedAt;
        liveRead += batch.calls.filter((call) => known.live.has(call)).length;
        if (lookedAt >= MOST_LOOKED_AT || liveRead >= MOST_LIVE_READ) return { calls: found, next: batch.last };
      }
    },
  };
}

interface Wanted {
  readonly calls: readonly number[];
  readonly lookedAt: number;
  /** The last call that was looked at; null if no calls are left. */
  readonly last: number | null;
}

/** The next calls that may have one of the wanted statuses. */
function nextWanted(
  numbers: Iterator<number>,
  { known, statuses, most }: { known: CallSnapshot; statuses: ReadonlySet<CallStatus>; most: number },
): Wanted {
  const calls: number[] = [];
  let [lookedAt, last] = [0, 0];
  while (calls.length < most && lookedAt < MOST_LOOKED_AT) {
    const next = numbers.next();
    if (next.done) return { calls, lookedAt, last: null };
    lookedAt++;
    last = next.value;
    if (isWanted(last, known, statuses)) calls.push(last);
  }
  return { calls, lookedAt, last };
}

/** Every root call of a plan exists, dispatched or not. A later call exists if the ledger has a trace of it. */
function* existing(known: CallSnapshot, { runs, after }: Pick<PageRequest, 'runs' | 'after'>): Generator<number> {
  const { stored, failed, live, earlier, bases } = known;
  const traced = [...new Set([...live, ...earlier.keys()])].sort((a, b) => a - b);
  let at = 0;
  for (const [index, { base, roots }] of runs.entries()) {
    const end = bases[index] ?? Number.POSITIVE_INFINITY;
    for (let call = Math.max(after, base) + 1; call <= base + roots; call++) yield call;
    for (let call = Math.max(after, base + roots); ; ) {
      while ((traced[at] ?? Number.POSITIVE_INFINITY) <= call) at++;
      call = Math.min(nextBit(stored, call), nextBit(failed, call), traced[at] ?? Number.POSITIVE_INFINITY);
      if (call === Number.POSITIVE_INFINITY || call > end) break;
      yield call;
    }
  }
}

/** Does not read the call's hash, so a live call that it lets through may turn out to have another status. */
function isWanted(call: number, known: CallSnapshot, statuses: ReadonlySet<CallStatus>): boolean {
  if (!known.live.has(call)) return statuses.has(restingStatus(call, known));
  return statuses.has('planned') || statuses.has('sending') || statuses.has('unknown');
}
