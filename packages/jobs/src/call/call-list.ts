import type { CallStatus } from '@linkhaul/schemas';
import type { JobRef, PlannedRun } from '@linkhaul/storage';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { bitmap, hasBit, nextBit } from '../redis/bitmap.js';

/** What was learnt, or decided, of an attempt that never got an answer. */
export interface AttemptFate {
  readonly fate: 'lost' | 'not_executed' | 'blind' | 'unpriced';
  readonly worker: string | null;
  /** ms since the epoch. */
  readonly sentAt: number;
  /** The upstream's id of the task, where its record shows it. */
  readonly taskId: string | null;
  /** Nanos; null where nobody knows it. */
  readonly cost: number | null;
  readonly nonce: string | null;
}

interface OpenAttempt {
  readonly attempt: number;
  readonly worker: string;
  readonly sentAt: number;
  readonly nonce: string | null;
}

/** A call as the ledger has it. Answers, with what they cost, are in storage. */
export interface ListedCall {
  readonly call: number;
  readonly status: CallStatus;
  /** Attempts so far, the open one included. */
  readonly attempts: number;
  /** True where the job ended before the call was settled: it may have had further attempts, one after the other. */
  readonly isCut: boolean;
  /** The attempt that was sent and has no answer yet. */
  readonly open: OpenAttempt | null;
  /** Earlier attempts without an answer, by number. */
  readonly fates: ReadonlyMap<number, AttemptFate>;
}

interface PageRequest {
  /** Those known to who asks: of a run that was planned since, nothing is shown. */
  readonly runs: readonly Pick<PlannedRun, 'base' | 'roots'>[];
  /** The call before the page's first. */
  readonly after: number;
  readonly limit: number;
  readonly statuses: ReadonlySet<CallStatus>;
}

interface CallPage {
  readonly calls: readonly ListedCall[];
  /** The call to go on behind; null at the end. A page may be short while it is not. */
  readonly next: number | null;
}

export interface CallList {
  /** A job's calls by number: those that exist, with these statuses. */
  page(job: JobRef, page: PageRequest): Promise<CallPage>;
}

/** A rare status must not read a whole job in one request. */
const MOST_LOOKED_AT = 100_000;
const MOST_LIVE_READ = 5_000;
const BATCH = 500;

/** The bases of the runs after the first, in order. */
export const runBases = z
  .string()
  .nullable()
  .transform((text) => (text === null || text === '' ? [] : text.split(',').map(Number)));

const replies = z
  .tuple([
    bitmap,
    bitmap,
    z.record(z.string(), z.string()),
    z.array(z.coerce.number()),
    z.record(z.string(), z.string()),
    z.array(z.string()),
    z.tuple([z.coerce.number(), runBases]),
  ])
  .transform(([stored, failed, attempts, live, fates, lost, [next, bases]]) => ({
    stored,
    failed,
    attempts,
    live: new Set(live),
    earlier: earlierAttempts(fates, lost),
    next,
    bases,
  }));

type Snapshot = z.infer<typeof replies>;

/** Written by call/fates.lua. */
const fateText = z.object({
  fate: z.enum(['lost', 'not_executed', 'blind', 'unpriced']),
  worker: z.union([z.string(), z.literal(false)]).optional(),
  sent_at: z.coerce.number(),
  task: z.string(),
  cost: z.string(),
  nonce: z.string().optional(),
});

export function createCallList({ redis, keys }: Access): CallList {
  const snapshotOf = async (job: JobRef): Promise<Snapshot> => {
    // One moment: a call that settles between two reads would be missing from both.
    const found = await redis
      .multi()
      .getBuffer(keys.stored(job))
      .getBuffer(keys.failed(job))
      .hgetall(keys.attempts(job))
      .smembers(keys.live(job))
      .hgetall(keys.fates(job))
      .hkeys(keys.lost(job))
      .hmget(keys.job(job), 'next', 'bases')
      .exec();
    return replies.parse(found?.map(([, reply]) => reply));
  };
  const read = async (job: JobRef, known: Snapshot, calls: readonly number[]): Promise<ListedCall[]> => {
    const live = calls.filter((call) => known.live.has(call));
    const states = await Promise.all(
      live.map((call) => redis.hmget(keys.call(job, call), 'state', 'attempt', 'worker', 'sent_at', 'nonce')),
    );
    const byCall = new Map(live.map((call, at) => [call, states[at]]));
    // Calls that were settled since the snapshot stand in a newer one.
    const isGone = states.some(([state]) => state === null);
    const now = isGone ? await snapshotOf(job) : known;
    return calls.map((call) => ledgerCall(call, now, byCall.get(call)));
  };
  return {
    async page(job, { runs, after, limit, statuses }) {
      const known = await snapshotOf(job);
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
  /** The last one looked at; null when there are no more. */
  readonly last: number | null;
}

/** The next calls that may have the statuses asked for. */
function nextWanted(
  numbers: Iterator<number>,
  { known, statuses, most }: { known: Snapshot; statuses: ReadonlySet<CallStatus>; most: number },
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

/** Roots exist from the first, whether they were ever dispatched or not; of the further calls those that left a trace. */
function* existing(known: Snapshot, { runs, after }: Pick<PageRequest, 'runs' | 'after'>): Generator<number> {
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

/** As far as can be told without reading the call itself. */
function isWanted(call: number, known: Snapshot, statuses: ReadonlySet<CallStatus>): boolean {
  if (!known.live.has(call)) return statuses.has(restingStatus(call, known));
  return statuses.has('planned') || statuses.has('sending') || statuses.has('unknown');
}

function restingStatus(call: number, { stored, failed }: Snapshot): CallStatus {
  if (hasBit(stored, call)) return 'stored';
  return hasBit(failed, call) ? 'failed' : 'planned';
}

const liveStatus = z.enum(['planned', 'sending', 'unknown']);

function ledgerCall(call: number, known: Snapshot, live: readonly (string | null)[] = []): ListedCall {
  const earlier = known.earlier.get(call);
  const fates = earlier?.fates ?? new Map<number, AttemptFate>();
  const [state, attempt, worker, sentAt, nonce] = live;
  const status = liveStatus.safeParse(state).data ?? restingStatus(call, known);
  if (known.live.has(call)) {
    const isOpen = status === 'sending' || status === 'unknown';
    const sent = { attempt: Number(attempt), worker: worker ?? '', sentAt: Number(sentAt), nonce: nonce || null };
    const open = isOpen ? sent : null;
    return { call, status, attempts: Number(attempt ?? 0), isCut: false, open, fates };
  }
  const isSettled = status !== 'planned';
  const attempts = isSettled ? Number(known.attempts[String(call)] ?? 1) : (earlier?.attempts ?? 0);
  // Calls that were never dispatched have had no attempt.
  const isCut = !isSettled && (call < known.next || earlier !== undefined);
  return { call, status, attempts, isCut, open: null, fates };
}

interface EarlierAttempts {
  /** The highest of which something is known. */
  attempts: number;
  readonly fates: Map<number, AttemptFate>;
}

/** Attempts that ended without settling their call, by call; `lost` names those that cost money. */
function earlierAttempts(fates: Readonly<Record<string, string>>, lost: readonly string[]) {
  const earlier = new Map<number, EarlierAttempts>();
  for (const name of [...Object.keys(fates), ...lost]) {
    const [call = 0, attempt = 0] = name.split('.').map(Number);
    const known = earlier.get(call) ?? { attempts: 0, fates: new Map() };
    known.attempts = Math.max(known.attempts, attempt);
    const text = fates[name];
    if (text !== undefined) known.fates.set(attempt, parseFate(text));
    earlier.set(call, known);
  }
  return earlier;
}

function parseFate(text: string): AttemptFate {
  const { fate, worker, sent_at: sentAt, task, cost, nonce } = fateText.parse(JSON.parse(text));
  const isKnown = fate !== 'blind' && cost !== '';
  return {
    fate,
    worker: worker || null,
    sentAt,
    taskId: task === '' ? null : task,
    cost: isKnown ? Number(cost) : null,
    nonce: nonce || null,
  };
}
