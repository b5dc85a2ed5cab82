import type { Job } from '@linkhaul/schemas';
import { type CrashedAt, type CrashPoint, crashPoints } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sent, type Traces, withCrashWorld } from './crash-world.js';
import { isThorough } from './env.js';
import { collect, domains, nanos } from './harness.js';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.js';

/** A worker on a busy machine is not dead at once: the answer to its last call must not be there before. */
const LATENCY_MS = 2_000;

/** The upstream of all worlds: its lists have two pages, and it is slow enough that calls are caught under way. */
let upstream: RecordingUpstream;
beforeAll(async () => {
  upstream = await startRecordingUpstream(
    (response, answer) => void setTimeout(() => response.end(JSON.stringify(answer)), LATENCY_MS),
    { itemsATarget: 1500 },
  );
});
afterAll(() => upstream.close());

/** One call in hand at a time: what the crash did can be said to the last digit. */
const BULK = {
  places: 1,
  occurrence: 2,
  fields: { endpoint: 'bulk_backlinks' as const },
  targets: domains(2500),
};
/** Several calls in hand, and targets of two pages: after the first four answers come the second pages of their targets. */
const LIST = {
  places: 4,
  occurrence: 6,
  fields: { endpoint: 'referring_domains' as const, max_items_per_target: 2000 },
  targets: domains(5),
};

/**
 * `test:all` kills a worker at each point, with each kind of job. The usual run has one point for each way in which the
 * next worker goes on: look the call up, settle its stored answer, close the job, and send what is left.
 */
const BULK_POINTS: readonly CrashPoint[] = ['after_sending', 'after_rows_are_stored', 'between_settle_and_finish'];
const LIST_POINTS: readonly CrashPoint[] = ['after_settle'];

/** How far the attempt had come that its worker died at, as the upstream, storage and the ledger show it afterwards. */
const COME_TO: Readonly<Record<Exclude<CrashPoint, 'between_settle_and_finish'>, Progress>> = {
  before_sending: { sent: false, answered: false, stored: false, settled: false },
  after_sending: { sent: true, answered: false, stored: false, settled: false },
  after_the_answer: { sent: true, answered: true, stored: false, settled: false },
  after_rows_are_stored: { sent: true, answered: true, stored: true, settled: false },
  after_settle: { sent: true, answered: true, stored: true, settled: true },
};

interface Progress {
  readonly sent: boolean;
  readonly answered: boolean;
  readonly stored: boolean;
  readonly settled: boolean;
}

interface Case {
  readonly point: CrashPoint;
  readonly places: number;
  readonly occurrence: number;
  readonly fields: typeof BULK.fields | typeof LIST.fields;
  readonly targets: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function crashAndFinish(given: Case): Promise<{ crashed: Traces; job: Job; rest: Traces }> {
  const { point, places, fields, targets, env = {} } = given;
  const occurrence = point === 'between_settle_and_finish' ? 1 : given.occurrence;
  const found: { crashed: Traces; job: Job; rest: Traces }[] = [];
  const options = { upstreamUrl: upstream.url, witness: upstream, places, env };
  await withCrashWorld(options, async (world) => {
    const { id } = await world.client.submit(fields, targets);
    const { at, traces: crashed } = await world.crash(id, { point, occurrence });
    expect(at.job).toBe(id);
    checkPointWasMet({ ...given, occurrence }, { at, crashed });
    await world.startWorker();
    const job = await world.client.waitFor(id);
    const rest = await world.traces(id);
    await checkRows(job, await collect(world.client.rows(id)), rest);
    found.push({ crashed, job, rest });
  });
  const [run] = found;
  if (run === undefined) throw new Error('nothing ran');
  return run;
}

function checkPointWasMet(
  { point, places, occurrence, env }: Case,
  { at, crashed }: { at: CrashedAt; crashed: Traces },
): void {
  const { job, sent, stored, results } = crashed;
  expect(job).toMatchObject({ status: 'running', finished_at: null });
  if (point === 'between_settle_and_finish') {
    expect(at.attempt).toBeNull();
    expect(job).toMatchObject({ rows: { pending: 0 }, calls: { in_flight: 0, unknown: 0, done: job.calls.planned } });
    return;
  }
  const attempt = `${at.attempt?.call}.${at.attempt?.number}`;
  const settled = results.some(({ call }) => call === at.attempt?.call);
  const answered = typeof sent.get(attempt)?.answered_at === 'string';
  // Storage in Redis is not looked into: that its answer is not bought again shows that it was there.
  const isStored = env === undefined ? stored.has(attempt) : COME_TO[point].stored;
  expect({ sent: sent.has(attempt), answered, stored: isStored, settled }).toEqual(COME_TO[point]);
  if (places > 1) return;
  expect(job.calls).toMatchObject({
    attempts: occurrence,
    done: settled ? occurrence : occurrence - 1,
    in_flight: settled ? 0 : 1,
  });
}

async function checkRows(job: Job, rows: readonly { line: number; status: string }[], rest: Traces): Promise<void> {
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', rows: { pending: 0, failed: 0, skipped: 0 } });
  expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: job.rows.total }, (_, index) => index + 1));
  const lines = rest.results.map(({ line, position }) => `${line}/${position}`);
  expect(new Set(lines).size).toBe(lines.length);
  expect(new Set(rest.results.map(({ line }) => line)).size).toBe(job.rows.total);
}

function costOf(requests: Iterable<Sent>): number {
  return [...requests].reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

/** Spent is the upstream's record; wasted, what was executed and is not in storage; nothing is held or in doubt. */
function checkMoney({ cost }: Job, { sent, stored }: Pick<Traces, 'sent' | 'stored'>): void {
  const lost = [...sent.values()].filter(({ attempt }) => !stored.has(attempt));
  expect(nanos(cost.spent_usd)).toBe(costOf(sent.values()));
  expect(nanos(cost.wasted_usd)).toBe(costOf(lost));
  expect(cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
}

function callsOf(attempts: Iterable<string>): number[] {
  return [...attempts].map((attempt) => Number(attempt.split('.')[0]));
}

/** The attempts that were sent although one of the same call had been sent before. */
function sentAgain({ sent }: Traces): string[] {
  const calls = new Set<number>();
  return [...sent.keys()].filter((attempt) => {
    const [call = 0] = callsOf([attempt]);
    return calls.has(call) || !calls.add(call);
  });
}

it.concurrent.each(isThorough ? crashPoints : BULK_POINTS)('a bulk job whose worker dies: %s', async (point) => {
  const { crashed, job, rest } = await crashAndFinish({ ...BULK, point });
  checkMoney(job, rest);
  const isLost = point === 'after_sending' || point === 'after_the_answer';
  expect(sentAgain(rest)).toHaveLength(isLost ? 1 : 0);
  const [atTheKill] = [...crashed.sent.values()].slice(-1);
  expect(nanos(job.cost.wasted_usd)).toBe(isLost ? nanos(atTheKill?.cost_usd ?? Number.NaN) : 0);
});

it.concurrent.each(isThorough ? crashPoints : LIST_POINTS)('a list job whose worker dies: %s', async (point) => {
  const { crashed, job, rest } = await crashAndFinish({ ...LIST, point });
  checkMoney(job, rest);
  expect(job.calls.planned).toBeGreaterThan(job.rows.total);
  const again = callsOf(sentAgain(rest));
  expect(again.length).toBeLessThanOrEqual(LIST.places);
  expect(again.filter((call) => callsOf(crashed.stored).includes(call))).toEqual([]);
});

const itThoroughly = it.runIf(isThorough);

itThoroughly.concurrent('answers stored in Redis are not bought again either', async () => {
  const env = { STORAGE_URL: 'redis:' };
  const { job, rest } = await crashAndFinish({ ...BULK, point: 'after_rows_are_stored', env });
  expect(sentAgain(rest)).toEqual([]);
  expect(job.cost.wasted_usd).toBe(0);
});

itThoroughly.concurrent('a job whose last call is settled closes, though its closing was never asked for', async () => {
  const { job, rest } = await crashAndFinish({ ...BULK, point: 'after_settle', occurrence: 3 });
  checkMoney(job, rest);
  expect(sentAgain(rest)).toEqual([]);
});
