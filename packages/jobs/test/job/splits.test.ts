import { expect, test } from 'vitest';
import { dispatch, NOWHERE, placesOf, send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, recordOf, SENT_AT, settlement } from '../planning/space.js';

const halves = [
  { call: 3, rows: 5 },
  { call: 5, rows: 5 },
];
const split = settlement({ verdict: 'split', cost: 7, followers: halves });

test('a split call is done and paid; its rows stay pending and go to its halves, once', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const whole = await send(space);
  expect(await space.ledger.settle(whole, split)).toMatchObject({ result: 'settled', last: false });
  const after = await countsOf(space, job);
  expect(after).toMatchObject({ pending: 20, failed: 0, done: 1, failed_calls: 0, planned: 4, open: 3, spent: 7 });
  expect(await placesOf(space, job)).toMatchObject({ live: [3, 5], ready: [3, 5] });
  expect(await space.ledger.settle(whole, split)).toMatchObject({ result: 'repeated', last: false });
  expect(await countsOf(space, job)).toEqual(after);
  expect((await placesOf(space, job)).ready).toEqual([3, 5]);
  await space.ledger.settle(await send(space, { rows: 5 }), settlement({ ok: 5 }));
  await space.ledger.settle(await send(space, { rows: 5 }), settlement({ verdict: 'failed', failed: 5 }));
  await space.ledger.settle(await send(space), settlement({ ok: 10 }));
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(await countsOf(space, job)).toMatchObject({ pending: 0, ok: 15, failed: 5, done: 3, failed_calls: 1 });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('the late answer of an older attempt that would split adds its cost only', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const first = await send(space);
  await space.ledger.markUnknown(first, DOUBT);
  await space.ledger.resolve(first, { kind: 'not_executed', cost: 0 }, 'failures');
  const second = await send(space);
  expect(second).toMatchObject({ call: 1, attempt: 2 });
  expect((await space.ledger.settle(first, split)).result).toBe('late');
  expect(await placesOf(space, job)).toMatchObject({ live: [1] });
  expect(await countsOf(space, job)).toMatchObject({ planned: 2, open: 2, spent: 7, wasted: 7 });
});

test('the halves of a cancelled job are skipped', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const whole = await send(space);
  await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
  expect(await space.ledger.settle(whole, split)).toMatchObject({ result: 'settled', last: true });
  expect(await countsOf(space, job)).toMatchObject({ pending: 0, skipped: 20, open: 0, planned: 2, spent: 7 });
  await space.jobSteps.finish(job);
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('the calls that come of one root are bounded; what was granted stays granted', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const [first, second] = [await send(space), await send(space)];
  const limit = { root: 1, most: 3 };
  expect(await space.ledger.maySplit(first, limit)).toBe(true);
  expect(await space.ledger.maySplit(first, limit)).toBe(true);
  expect(await space.ledger.maySplit(second, limit)).toBe(false);
  expect(await space.ledger.maySplit(second, { root: 2, most: 3 })).toBe(true);
  expect(await space.ledger.maySplit({ ...first, call: 9 }, { root: 1, most: 99 })).toBe(false);
  await space.ledger.settle(first, split);
  const calls = await space.calls.settled(job);
  expect([1, 2, 3].map((root) => calls.isSplit(root))).toEqual([true, true, false]);
  expect(await dispatch(space)).toHaveLength(2);
});

test('a call whose parameters are refused three times in a row stops its job, which says why', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 9 });
  const refused = settlement({ verdict: 'failed', failed: 10, refusal: 'upstream_rejected: no such rank' });
  const refuse = async () => space.ledger.settle(await send(space), refused);
  await refuse();
  await refuse();
  await space.ledger.settle(await send(space), settlement({ ok: 10 }));
  await refuse();
  await space.ledger.settle(await send(space), {
    ...split,
    followers: [
      { call: 13, rows: 5 },
      { call: 22, rows: 5 },
    ],
  });
  const [open, unknown] = [await send(space, { rows: 5 }), await send(space, { rows: 5 })];
  await space.ledger.markUnknown(unknown, DOUBT);
  await refuse();
  expect(await recordOf(space, job)).toMatchObject({ status: 'running', reason: null });
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused' });
  await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  const third = await send(space);
  expect(await space.ledger.settle(third, refused)).toMatchObject({ result: 'settled', last: false });
  const failed = await recordOf(space, job);
  expect(failed).toMatchObject({ status: 'failed', reason: 'upstream_rejected: no such rank', finishedAt: null });
  expect(failed.counts).toMatchObject({ pending: 10, ok: 10, failed: 50, skipped: 20, open: 2 });
  expect(failed.history.at(-1)).toMatchObject({ by: 'system', action: 'fail', from: 'running', to: 'failed' });
  expect(await dispatch(space)).toEqual([]);
  expect(await space.ledger.settle(third, refused)).toMatchObject({ result: 'repeated' });
  for (const action of ['pause', 'resume', 'cancel', 'plan'] as const) {
    expect(await space.jobSteps.act(job, { action, by: 'me' })).toMatchObject({ result: 'refused', status: 'failed' });
  }
  expect(await space.ledger.defer(open, { cost: 0, delayMs: 0, sentAt: SENT_AT, countsAs: 'failure' })).toEqual({
    last: false,
  });
  expect(await space.ledger.settle(unknown, settlement({ ok: 5 }))).toMatchObject({ last: true });
  expect(await space.jobSteps.finish(job)).toBe('failed');
  expect(await recordOf(space, job)).toMatchObject({
    status: 'failed',
    outcome: 'partial',
    reason: 'upstream_rejected: no such rank',
    counts: { pending: 0, ok: 15, failed: 50, skipped: 25 },
  });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('a job of fewer calls stops when all of them are refused; a paused one too, a cancelled one stays so', async () => {
  const space = await openSpace();
  const refused = settlement({ verdict: 'failed', failed: 10, refusal: 'no' });
  const one = await planJob(space, { calls: 1 });
  const paused = await send(space);
  await space.jobSteps.act(one, { action: 'pause', by: 'me', reason: 'user' });
  expect(await space.ledger.settle(paused, refused)).toMatchObject({ result: 'settled', last: true });
  expect(await space.jobSteps.finish(one)).toBe('failed');
  expect(await recordOf(space, one)).toMatchObject({ outcome: 'none', reason: 'no', counts: { failed: 10 } });
  const two = await planJob(space, { calls: 1 });
  const sent = await send(space);
  await space.jobSteps.act(two, { action: 'cancel', by: 'me' });
  await space.ledger.settle(sent, refused);
  expect(await space.jobSteps.finish(two)).toBe('cancelled');
  expect(await recordOf(space, two)).toMatchObject({ reason: null });
});
