import type { JobRef } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import type { Grant, Message, Wanted } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { moneyOf, never, openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

const QUESTION = 'tenant/question';

/** Calls of jobs of their own that want to buy the same targets. */
async function buyers(space: Space, count: number): Promise<Message<'call'>[]> {
  for (let job = 0; job < count; job++) await planJob(space, { calls: 1 });
  return dispatch(space, count);
}

async function ask(space: Space, message: Message<'call'> | undefined, targets: readonly string[]): Promise<Grant> {
  if (message === undefined) throw new Error('no message');
  const { version } = await space.reuse.find(QUESTION, targets, { hasParts: true });
  return askWith(space, message, { targets, version });
}

function askWith(
  space: Space,
  message: Message<'call'>,
  wanted: Partial<Wanted> & Pick<Wanted, 'targets' | 'version'>,
) {
  const request = {
    ...message,
    rows: 10,
    money: moneyOf(1),
    wanted: { question: QUESTION, until: null, sources: [], ...wanted },
  };
  return space.permitsOf('one').grant(request, never);
}

test('a target is bought by one call at a time; the others wait until that has its answer', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const [first, second, third] = await buyers(space, 3);
  expect(await ask(space, first, ['a.com', 'b.com'])).toMatchObject({ granted: true });
  expect(await ask(space, second, ['b.com', 'c.com'])).toMatchObject({ granted: false, why: 'claimed' });
  expect(await ask(space, third, ['c.com'])).toMatchObject({ granted: true });
  expect(await space.redis.zcard(space.keys.later)).toBe(1);
});

test('a call is not granted once an answer came about a target that it looked up before', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const [first, second] = await buyers(space, 2);
  if (first === undefined || second === undefined) throw new Error('no message');
  const { version } = await space.reuse.find(QUESTION, ['a.com'], { hasParts: true });
  expect(await ask(space, first, ['a.com'])).toMatchObject({ granted: true });
  const { job, call, attempt } = first;
  await space.reuse.note(QUESTION, {
    job,
    call,
    attempt,
    answeredAt: 1,
    targets: ['a.com'],
    isPart: false,
    retentionDays: 1,
  });
  expect(await askWith(space, second, { targets: ['a.com'], version })).toMatchObject({ why: 'answered' });
  expect(await askWith(space, second, { targets: ['b.com'], version })).toMatchObject({ granted: true });
  expect(await space.redis.hkeys(space.keys.reuseClaims(QUESTION))).toHaveLength(1);
});

test.each([
  [
    'is deferred',
    (space: Space, at: Message<'call'>) =>
      space.ledger.defer(at, { cost: 0, sentAt: 1, delayMs: 60_000, countsAs: 'failure' }),
  ],
  ['is given back', (space: Space, at: Message<'call'>) => space.permitsOf('one').giveBack(at)],
  [
    'has failed',
    (space: Space, at: Message<'call'>) => space.ledger.settle(at, settlement({ verdict: 'failed', failed: 10 })),
  ],
])('a buyer that %s holds nobody up', async (_, end) => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const [first, second] = await buyers(space, 2);
  if (first === undefined) throw new Error('no message');
  expect(await ask(space, first, ['a.com'])).toMatchObject({ granted: true });
  await end(space, first);
  expect(await ask(space, second, ['a.com'])).toMatchObject({ granted: true });
});

/** A job that has bought the first page of a list, and whose second page waits. */
async function buyFirstPage(space: Space) {
  await space.reuse.open(QUESTION);
  const job = await planJob(space, { calls: 1 }, { endpoint: 'domain_pages', bounds: { maxCost: 10 } });
  const [first] = await dispatch(space, 1);
  if (first === undefined) throw new Error('no message');
  await ask(space, first, ['a.com']);
  await space.ledger.settle(first, settlement({ items: 1000, cost: 9, followers: [{ call: 2, rows: 10 }] }));
  return job;
}

test('a list belongs to its buyer from page to page', async () => {
  const space = await openSpace();
  await buyFirstPage(space);
  const [, other] = await buyers(space, 2);
  expect(await ask(space, other, ['a.com'])).toMatchObject({ why: 'claimed' });
});

test.each([
  ['is cancelled', (space: Space, job: JobRef) => space.jobSteps.act(job, { action: 'cancel', by: 'me' })],
  ['is paused', (space: Space, job: JobRef) => space.jobSteps.act(job, { action: 'pause', by: 'me' })],
  [
    'runs out of money',
    async (space: Space) => {
      const [page] = await dispatch(space);
      if (page === undefined) throw new Error('no message');
      const money = { ...moneyOf(9), leastItems: 1 };
      const refused = await space.permitsOf('one').grant({ ...page, rows: 10, money }, never);
      expect(refused).toMatchObject({ granted: false, why: 'budget' });
      await space.ledger.shelve(page);
    },
  ],
])('the list of a buyer that %s before its next page is sent is bought by the next one', async (_, stop) => {
  const space = await openSpace();
  const job = await buyFirstPage(space);
  await stop(space, job);
  const [next] = await buyers(space, 1);
  expect(await ask(space, next, ['a.com'])).toMatchObject({ granted: true });
});

test('a buyer whose fate is looked up still holds its targets', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const [first, second] = await buyers(space, 2);
  if (first === undefined) throw new Error('no message');
  await ask(space, first, ['a.com']);
  await space.ledger.markUnknown(first, { lookUpAfterMs: 0, by: 'one' });
  expect(await ask(space, second, ['a.com'])).toMatchObject({ why: 'claimed' });
});

test('copies that have become too old, or whose job was removed, have to be looked up again', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const [first] = await buyers(space, 1);
  if (first === undefined) throw new Error('no message');
  const wanted = { targets: ['a.com'], version: 0 };
  expect(await askWith(space, first, { ...wanted, until: Date.now() - 1000 })).toMatchObject({ why: 'answered' });
  const sources = [{ tenant: 'tenant', id: 'removed' }];
  expect(await askWith(space, first, { ...wanted, sources })).toMatchObject({ why: 'answered' });
  expect(await askWith(space, first, { ...wanted, sources: [first.job] })).toMatchObject({ granted: true });
});

test('copies decide nothing while a request of the call may be executed, nor what the data of the upstream is', async () => {
  const space = await openSpace();
  const [first, second] = await buyers(space, 2);
  if (first === undefined || second === undefined) throw new Error('no message');
  const copied = settlement({ ok: 10, items: 1, simulated: true, reused: { rows: 10, items: 1, whole: true } });
  await space.redis.hset(space.keys.origins, 'localhost', 0);
  await ask(space, first, ['a.com']);
  expect(await space.ledger.settle(first, copied)).toMatchObject({ result: 'repeated' });
  expect(await space.calls.live(first)).toMatchObject({ state: 'sending' });
  expect(await space.ledger.settle(second, copied)).toMatchObject({ result: 'settled' });
  expect((await recordOf(space, second.job)).counts).toMatchObject({ ok: 10, reused: 10, spent: 0, attempts: 0 });
  expect(await space.prices.simulated('localhost')).toBe(false);
});
