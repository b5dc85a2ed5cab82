import type { JobRecord, RetryChoice } from '@linkhaul/jobs';
import { type Cursor, readResults, readRowStates, START } from '@linkhaul/results';
import { usdOf } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { giveUpCall } from '../../src/look-up/give-up-call.js';
import { planJob } from '../../src/plan/plan-job.js';
import { findCopies } from '../../src/reuse/find-copies.js';
import { settleCopies } from '../../src/reuse/settle-copies.js';
import { settleFrom } from '../../src/settle/settle-stored.js';
import { settleAnswer } from '../../src/settle/store-answer.js';
import { targetsNamed } from '../planned-targets.js';
import { answer, close, countsOf, fileOf, pageOf, SPOILED, sendNext } from '../settle/damaged-answers.js';
import type { TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';
import { buy, HOST, openWorld } from './reuse-world.js';

const LIST = { endpoint: 'domain_pages' as const, max_items_per_target: 50_000 };
const ASKING = { upstreamHost: HOST, max_age: '7d' };
const FAILED: RetryChoice = { statuses: ['failed'], codes: null, retryableOnly: false, buy: true };

async function recordOf({ services }: TestWorker, job: JobRef): Promise<JobRecord> {
  return (await services.store.get(job)) ?? expect.fail('no job');
}

/** What the worker has counted of lists. */
function counted({ services }: TestWorker, metric: string): number | undefined {
  const family = services.metrics.families().find(({ name }) => name === metric);
  return family?.samples.find(({ labels }) => labels?.endpoint === LIST.endpoint)?.value;
}

async function resultsOf(world: TestWorker, job: JobRef, from: Cursor = START) {
  const batches = [];
  for await (const batch of readResults(await recordOf(world, job), from, world.services)) batches.push(batch);
  return batches;
}

async function rowsOf(world: TestWorker, job: JobRef) {
  const rows = [];
  for await (const { lines } of readRowStates(await recordOf(world, job), START, world.services)) rows.push(...lines);
  return rows.map(({ target, status, cost_usd, error }) => [target, status, cost_usd, error?.code ?? null]);
}

/** Asks for the list of a target, and settles it from what is stored. */
async function copyList(world: TestWorker, name: string, asked = {}) {
  const job = await world.plan([targetsNamed([name])], { ...ASKING, ...LIST, ...asked });
  await world.services.dispatcher.fill();
  const planned = (await world.services.source.job(job)) ?? expect.fail('no plan');
  const call = { planned, targets: targetsNamed([name]) };
  const found = await findCopies({ ...call, call: 1 }, world.services);
  if (found === null || found.wanted.targets.length > 0) return { job, isCopied: false };
  const message = { job, call: 1, attempt: 1, dispatch: 1 };
  const { copies, wanted } = found;
  return { job, isCopied: await settleCopies(message, { ...call, copies, until: wanted.until }, world.services) };
}

const dataOf = (batches: Awaited<ReturnType<typeof resultsOf>>) =>
  batches.flatMap(({ lines }) => lines.map(({ position, data }) => [position, data]));

test('a list of any length is copied, in parts that are read one by one, and from any of them on', async () => {
  const world = await openWorld(LIST);
  const bought = await buy(
    world,
    'a.com',
    Array.from({ length: 42 }, () => 0),
    LIST,
  );
  const { job } = await copyList(world, 'a.com');
  const { counts } = await recordOf(world, job);
  expect(counts).toMatchObject({ ok: 1, items: 41_001, reused: 1, spent: 0, attempts: 0 });
  const { prices, env } = world.services;
  const { call, item } = await prices.expected(HOST, LIST.endpoint, env.prices);
  expect(counted(world, 'linkhaul_reused_rows_total')).toBe(1);
  expect(counted(world, 'linkhaul_reuse_saved_usd_total')).toBeCloseTo(usdOf(42 * call + 41_001 * item), 9);
  const copied = await resultsOf(world, job);
  expect(Math.max(...copied.map(({ lines }) => lines.length))).toBe(20_000);
  const all = dataOf(await resultsOf(world, bought));
  expect(dataOf(copied)).toEqual(all);
  for (const { before } of copied) expect(dataOf(await resultsOf(world, job, before)).at(-1)).toEqual(all.at(-1));
  const third = await resultsOf(world, job, copied.at(-1)?.before);
  expect(dataOf(third)).toEqual(all.slice(40_000));
  const less = await copyList(world, 'a.com', { max_items_per_target: 20_500 });
  expect(dataOf(await resultsOf(world, less.job))).toEqual(all.slice(0, 20_500));
});

test('a further part of a list that is broken fails its row, once', async () => {
  const world = await openWorld(LIST);
  await buy(
    world,
    'a.com',
    Array.from({ length: 22 }, () => 0),
    LIST,
  );
  const { job } = await copyList(world, 'a.com');
  const { storage } = world.services;
  await storage.remove(`jobs/tenant/${job.id}/copies`);
  const statuses = (batches: Awaited<ReturnType<typeof resultsOf>>) =>
    new Set(batches.flatMap(({ lines }) => lines.map(({ error, status }) => error?.code ?? status)));
  expect(statuses(await resultsOf(world, job))).toEqual(new Set(['ok', 'answer_damaged']));
  expect(await countsOf(world, job)).toMatchObject({ counts: { ok: 0, failed: 1 } });
  expect(statuses(await resultsOf(world, job))).toEqual(new Set(['answer_damaged']));
});

test('a list is not copied once its job is removed, however far its copy is', async () => {
  const world = await openWorld(LIST);
  const bought = await buy(world, 'a.com', [0], LIST);
  const { store } = world.services;
  const get: typeof store.get = async (job) => (job.id === bought.id ? null : store.get(job));
  Object.assign(world.services, { store: { ...store, get } });
  expect(await copyList(world, 'a.com')).toMatchObject({ isCopied: false });
});

test('a list that a retry completed is copied whole, and is as old as its oldest page', async () => {
  const world = await openWorld(LIST);
  const job = await world.plan([targetsNamed(['a.com'])], { upstreamHost: HOST, ...LIST });
  const first = await sendNext(world, job);
  const age = 3 * 86_400_000;
  const task = { id: 't', status_code: 20000, status_message: 'Ok.', cost: 0.1, data: { tag: first.tag } };
  const json = { status_code: 20000, tasks: [{ ...task, result: [{ items: pageOf(first, 1000) }] }] };
  await settleAnswer(first, judgedAnswer(first, json, Date.now() - age), { kind: 'answered' }, world.services);
  await fail(await sendNext(world, job), world);
  await retry(world, job);
  await answer(await sendNext(world, job), pageOf(first, 1000), world.services);
  await answer(await sendNext(world, job), pageOf(first, 5), world.services);
  const { job: again } = await copyList(world, 'a.com');
  expect(dataOf(await resultsOf(world, again))).toEqual(dataOf(await resultsOf(world, job)));
  expect(await copyList(world, 'a.com', { max_age: '4d' })).toMatchObject({ isCopied: true });
  expect(await copyList(world, 'a.com', { max_age: '2d' })).toMatchObject({ isCopied: false });
});

function fail(
  sent: SentAttempt,
  { services }: TestWorker,
  code: 'upstream_error' | 'answer_unreadable' = 'upstream_error',
) {
  const verdict = { kind: 'failed', code, message: '', parameter: false } as const;
  const task = { id: 'f', status_code: 20000, status_message: 'Ok.', cost: 0.2, data: { tag: sent.tag } };
  const items = sent.targets.map(({ target }) => ({ target, backlinks: 1 }));
  const json = { status_code: 20000, tasks: [{ ...task, result: [{ items: items.slice(1) }] }] };
  return settleAnswer(sent, judgedAnswer(sent, json), verdict, services);
}

async function retry(world: TestWorker, job: JobRef, choice: Partial<RetryChoice> = {}): Promise<void> {
  await close(world, job);
  await world.services.jobSteps.retry(job, { by: 'me', choice: { ...FAILED, ...choice } });
  await planJob(job, world.services);
}

/** A call of which one target is copied and the other has to be bought. */
async function sendMixed(world: TestWorker): Promise<SentAttempt> {
  await buy(world, 'known.com', [0]);
  const job = await world.plan([targetsNamed(['known.com', 'new.com'])], ASKING);
  const sent = await sendNext(world, job);
  const found = await findCopies(sent, world.services);
  expect(found?.wanted.targets).toEqual(['new.com']);
  return { ...sent, copies: found?.copies ?? null };
}

test('a copied row has its answer also where its call fails, and a retry asks for the others alone', async () => {
  const world = await openWorld();
  const sent = await sendMixed(world);
  await fail(sent, world);
  expect(await rowsOf(world, sent.job)).toEqual([
    ['known.com', 'ok', 0, null],
    ['new.com', 'failed', 0.2, 'upstream_error'],
  ]);
  expect(await countsOf(world, sent.job)).toMatchObject({ counts: { ok: 1, failed: 1, reused: 1, items: 1 } });
  expect((await resultsOf(world, sent.job)).flatMap(({ lines }) => lines)).toMatchObject([
    { target: 'known.com', status: 'ok', source: 'stored', data: { target: 'known.com' } },
    { target: 'new.com', status: 'failed', source: 'upstream', error: { code: 'upstream_error' } },
  ]);
  await retry(world, sent.job);
  expect((await sendNext(world, sent.job)).targets.map(({ target }) => target)).toEqual(['new.com']);
});

test('an answer that is read again after its call failed decides the rows that were not copied', async () => {
  const world = await openWorld();
  const sent = await sendMixed(world);
  await fail(sent, world, 'answer_unreadable');
  await retry(world, sent.job, { buy: false });
  expect(await world.send(sent.job)).toEqual([]);
  const planned = (await world.services.source.job(sent.job)) ?? expect.fail('no plan');
  const [call = ''] = await world.redis.smembers(world.keys.live(sent.job));
  await settleFrom({ job: sent.job, call: Number(call), attempt: 1 }, planned, world.services);
  expect(await rowsOf(world, sent.job)).toEqual([
    ['known.com', 'ok', 0, null],
    ['new.com', 'ok', 0.2, null],
  ]);
  expect((await resultsOf(world, sent.job)).flatMap(({ lines }) => lines)).toMatchObject([
    { target: 'known.com', source: 'stored', data: { target: 'known.com' } },
    { target: 'new.com', source: 'upstream', data: { target: 'new.com' } },
  ]);
});

test.each(Object.entries(SPOILED))(
  'where the answer of such a call is %s, all its rows are damaged',
  async (_, spoil) => {
    const world = await openWorld();
    const sent = await sendMixed(world);
    await fail(sent, world);
    await spoil(fileOf(world, sent.job, sent));
    expect((await rowsOf(world, sent.job)).map(([, status, , code]) => [status, code])).toEqual([
      ['failed', 'answer_damaged'],
      ['failed', 'answer_damaged'],
    ]);
    expect(await countsOf(world, sent.job)).toMatchObject({ counts: { ok: 0, failed: 2 } });
    expect(await world.redis.hgetall(world.keys.codes(sent.job))).toMatchObject({
      answer_damaged: '2',
      upstream_error: '0',
    });
  },
);

test('rows with a stored answer are answered where their call is given up', async () => {
  const world = await openWorld();
  const sent = await sendMixed(world);
  await world.services.ledger.markUnknown(sent, { lookUpAfterMs: 0, by: 'w' });
  const tries = { failures: 4, losses: 1, deaths: 0, orphan: false, isDamaged: false };
  const call = { ...sent, ...tries, endpoint: 'bulk_backlinks' as const };
  await giveUpCall(call, { fate: { kind: 'lost', cost: 300, taskId: 'lost' }, kept: null }, world.services);
  expect(await rowsOf(world, sent.job)).toEqual([
    ['known.com', 'ok', 0, null],
    ['new.com', 'failed', 0.0000003, 'answer_lost'],
  ]);
  expect(await countsOf(world, sent.job)).toMatchObject({
    counts: { ok: 1, failed: 1, spent: 300, wasted: 300, reused: 1 },
  });
});
