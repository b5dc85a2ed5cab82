import { attemptTag } from '@linkhaul/jobs';
import { expect, it } from 'vitest';
import { createAccounting } from '../../src/redis-loss/account-for-entry.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { allOf, COST, DEFERRED, entryOf, momentOf, openJob, targetsOf } from './lose-writes.js';

it('settles an answer to an attempt that Redis has lost: the first was deferred, the second stored', async () => {
  const { testWorker, services, job, answer, counts, only, ask } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(testWorker);
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

it('counts the cost of an attempt that was sent twice for each send, whichever is answered first', async () => {
  const { testWorker, services, answer, counts, only } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(testWorker);
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

it('settles the previous page first if Redis does not know the page that was answered', async () => {
  const { testWorker, services, planned, answer, counts, only } = await openJob([targetsOf(1)], 'referring_domains');
  const lose = await momentOf(testWorker);
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

it('counts the cost of a lost attempt once, even if its answer arrives later', async () => {
  const { testWorker, services, job, answer, counts, only } = await openJob([targetsOf(10)], 'bulk_backlinks');
  const lose = await momentOf(testWorker);
  const sent = await only();
  const accounting = createAccounting(services, { doneAfterMs: 60_000 });
  expect(await accounting.accountFor(entryOf(sent, 'one'))).toBe('known');
  expect(await counts()).toMatchObject({ in_flight: 1, spent: 0 });
  await lose();
  expect(await accounting.accountFor({ ...entryOf(sent, 'one'), doneAt: null, postedAt: Date.now() })).toBe(
    'unfinished',
  );
  for (let times = 0; times < 2; times++) expect(await accounting.accountFor(entryOf(sent, 'one'))).toBe('known');
  expect(await counts()).toMatchObject({ spent: COST, wasted: COST, open: 1 });
  await answer(sent, allOf(sent), 'one');
  expect(await counts()).toMatchObject({ ok: 10, spent: COST, wasted: 0, open: 0 });
  const other = attemptTag({ jobId: job.id, call: 1, attempt: 1, nonce: '00000000' });
  await accounting.accountFor({ ...entryOf(sent, 'three'), tag: other });
  expect(await counts()).toMatchObject({ spent: 2 * COST, wasted: COST });
});
