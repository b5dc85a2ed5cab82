import { attemptTag, type CallRef } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { type AnswerHeader, type AnswerOutcome, keepAnswer, type PlannedTarget } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import { createAccounting } from '../src/stages/account-for.js';
import type { SentCall } from '../src/stages/sent-call.js';
import { settleFrom, settleStored, wasteAnswer } from '../src/stages/settle-stored.js';
import { openParts, type Parts } from './parts.js';

const COST = 24_000_000;

function targetsOf(count: number): PlannedTarget[] {
  return Array.from({ length: count }, (_, at) => ({
    target: `site-${at}.com`,
    kind: 'domain' as const,
    rows: [{ line: at + 1, input: `site-${at}.com`, id: null }] as const,
  }));
}

/** All that Redis holds at one moment, to be what it holds again: a loss of what was written since. */
async function momentOf({ redis, keys }: Parts): Promise<(how?: { noticed: boolean }) => Promise<void>> {
  const names = async () => redis.keys(`${keys.root}:*`);
  const held = await Promise.all(
    (await names()).map(async (name) => ({ name, bytes: await redis.dumpBuffer(name), ms: await redis.pttl(name) })),
  );
  return async ({ noticed } = { noticed: true }) => {
    for (const name of await names()) await redis.del(name);
    for (const { name, bytes, ms } of held) {
      if (bytes !== null) await redis.restore(name, Math.max(0, ms), bytes);
    }
    // The server that comes back is another one.
    if (noticed) await redis.hset(keys.permit('a'), 'run', 'another');
  };
}

function headerOf(sent: SentCall, outcome: AnswerOutcome, taskId: string): AnswerHeader {
  const { call, attempt, failures, sentAt, nonce } = sent;
  const said = { httpStatus: 200, statusCode: 20000, taskId, nonce, cost: COST, simulated: false };
  return { call, attempt, failures, worker: 'w', sentAt, answeredAt: sentAt + 1, ...said, outcome };
}

const allOf = (sent: SentCall) => ({ kind: 'bulk' as const, items: sent.targets.map((_, at) => at) });
const DEFERRED = { kind: 'deferred' as const, countsAs: 'failure' as const, message: 'try again' };

async function openJob(calls: readonly (readonly PlannedTarget[])[], endpoint: 'bulk_backlinks' | 'referring_domains') {
  const parts = await openParts();
  const { services } = parts;
  const job = await parts.plan(calls, { endpoint });
  const planned = await services.source.job(job);
  if (planned === null) throw new Error('the job has no plan');
  const answer = async (sent: SentCall, outcome: AnswerOutcome, taskId: string) => {
    const stored = await keepAnswer(services.storage, job, {
      header: headerOf(sent, outcome, taskId),
      body: Buffer.from('{}'),
    });
    if (stored.kind === 'second') await wasteAnswer(sent, headerOf(sent, outcome, taskId), services);
    await settleStored(sent, planned, services);
  };
  const counts = async () => (await services.store.get(job))?.counts;
  const only = async () => {
    const [sent] = await parts.send(job);
    if (sent === undefined) throw new Error('nothing was sent');
    return sent;
  };
  /** What a worker does with the next message of a call: its answer, or null where it is to be sent. */
  const ask = async (ref: CallRef) => {
    await services.dispatcher.announce(1000);
    await services.dispatcher.fill();
    const live = await services.calls.live(ref);
    const at = { ...ref, attempt: (live?.attempt ?? 0) + 1 };
    const money = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 1 }, tenantDaily: null };
    const grant = await services.permits.grant({ ...at, rows: 1, money }, services.stopping);
    expect(grant).toMatchObject({ granted: false, why: 'unchecked' });
    return settleFrom(at, planned, services);
  };
  return { parts, services, job, planned, answer, counts, only, ask };
}

it('settles an answer of which Redis knows no attempt: the first was put off, the second stored', async () => {
  const { parts, services, job, answer, counts, only, ask } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(parts);
  await answer(await only(), DEFERRED, 'one');
  const second = await only();
  expect(second.attempt).toBe(2);
  await answer(second, allOf(second), 'two');
  const before = await counts();
  expect(before).toMatchObject({ ok: 10, spent: 2 * COST, wasted: 0, attempts: 2, open: 0 });
  await lose();
  expect(await counts()).toMatchObject({ ok: 0, spent: 0, attempts: 0, open: 1 });
  expect(await ask({ job, call: 1 })).toBe('settled');
  expect(await counts()).toEqual(before);
  expect(await services.calls.settledAttempt({ job, call: 1 })).toBe(2);
});

it('counts both of two sendings of one attempt, whichever is answered first, and each once', async () => {
  const { parts, services, answer, counts, only } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(parts);
  const first = await only();
  await lose({ noticed: false });
  const again = await only();
  expect({ ...again, nonce: null, tag: '', sentAt: 0 }).toEqual({ ...first, nonce: null, tag: '', sentAt: 0 });
  expect(again.tag).not.toBe(first.tag);
  for (let times = 0; times < 2; times++) {
    await answer(first, allOf(first), 'one');
    await answer(again, allOf(again), 'two');
  }
  expect(await counts()).toMatchObject({ ok: 10, spent: 2 * COST, wasted: COST, reserved: 0, in_flight: 0, open: 0 });
  const accounting = createAccounting(services, { doneAfterMs: 60_000 });
  for (const [sent, id] of [[first, 'one'] as const, [again, 'two'] as const]) {
    expect(await accounting.accountFor(entryOf(sent, id))).toBe('known');
  }
  expect(await counts()).toMatchObject({ spent: 2 * COST, wasted: COST });
});

it('settles the page before it first, where an answer comes of a page that Redis does not know', async () => {
  const { parts, services, planned, answer, counts, only } = await openJob([targetsOf(1)], 'referring_domains');
  const lose = await momentOf(parts);
  const page = { kind: 'list' as const, offset: 0, items: 1000, totalCount: 1500, truncated: null };
  const soFar = { itemsSoFar: 1000, costSoFar: COST };
  await answer(await only(), { ...page, ...soFar, status: null }, 'one');
  const second = await only();
  expect(second.call).toBe(2);
  await answer(
    second,
    { ...page, offset: 1000, items: 500, itemsSoFar: 1500, costSoFar: 2 * COST, status: 'ok' },
    'two',
  );
  const before = await counts();
  await lose();
  expect(await settleStored(second, planned, services)).toBe('settled');
  expect(await counts()).toEqual(before);
});

it('counts a sending that nobody knew of, once, and no more when its answer comes after all', async () => {
  const { parts, services, job, answer, counts, only } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(parts);
  const sent = await only();
  const accounting = createAccounting(services, { doneAfterMs: 60_000 });
  expect(await accounting.accountFor(entryOf(sent, 'one'))).toBe('known');
  expect(await counts()).toMatchObject({ in_flight: 1, spent: 0 });
  await lose();
  expect(await accounting.accountFor({ ...entryOf(sent, 'one'), doneAt: null, postedAt: Date.now() })).toBe('open');
  for (let times = 0; times < 2; times++) expect(await accounting.accountFor(entryOf(sent, 'one'))).toBe('known');
  expect(await counts()).toMatchObject({ spent: COST, wasted: COST, open: 1 });
  await answer(sent, allOf(sent), 'one');
  expect(await counts()).toMatchObject({ ok: 10, spent: COST, wasted: 0, open: 0 });
  const other = attemptTag({ jobId: job.id, call: 1, attempt: 1, nonce: '00000000' });
  await accounting.accountFor({ ...entryOf(sent, 'three'), tag: other });
  expect(await counts()).toMatchObject({ spent: 2 * COST, wasted: COST });
});

function entryOf(sent: SentCall, id: string): RecordEntry {
  const { tag, sentAt } = sent;
  return { id, tag, asked: null, endpoint: null, postedAt: sentAt, doneAt: sentAt + 1, cost: COST };
}
