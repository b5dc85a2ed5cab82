import { once } from 'node:events';
import { expect, test } from 'vitest';
import { dispatch, grant, NOWHERE, placesOf, send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, RESERVE, recordOf, SENT_AT, settlement } from '../planning/space.js';
import { openRedis } from '../redis.js';

test('the life of a call: planned, sending, stored; the job closes with its last call', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  expect(await countsOf(space, job)).toMatchObject({ pending: 20, total: 20, planned: 2, open: 2 });
  const first = await send(space);
  expect(await space.calls.live(first)).toMatchObject({ state: 'sending', attempt: 1, failures: 0 });
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 1, attempts: 1, reserved: RESERVE });
  const settled = await space.ledger.settle(first, settlement({ ok: 7, empty: 3, items: 7, cost: 24_252_000 }));
  expect(settled).toMatchObject({ result: 'settled', last: false });
  expect(await countsOf(space, job)).toMatchObject({
    pending: 10,
    ok: 7,
    empty: 3,
    items: 7,
    in_flight: 0,
    reserved: 0,
  });
  const second = await send(space);
  const last = await space.ledger.settle(
    second,
    settlement({ verdict: 'failed', failed: 10, cost: 5, simulated: true }),
  );
  expect(last).toMatchObject({ result: 'settled', last: true });
  expect(await space.jobSteps.finish(job)).toBe('completed');
  const record = await recordOf(space, job);
  expect(record).toMatchObject({ status: 'completed', outcome: 'partial', simulated: true });
  expect(record.counts).toMatchObject({ pending: 0, failed: 10, done: 1, failed_calls: 1, open: 0, spent: 24_252_005 });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
  const calls = await space.calls.settled(job);
  expect([1, 2, 3].map((call) => calls.isSettled(call))).toEqual([true, true, false]);
});

test('settling again changes nothing, and says again that the job can be closed', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  await space.ledger.settle(at, settlement({ ok: 10, items: 10, cost: 9 }));
  const before = await recordOf(space, job);
  expect(await space.ledger.settle(at, settlement({ ok: 10, items: 10, cost: 9 }))).toMatchObject({
    result: 'repeated',
    last: true,
  });
  expect(await recordOf(space, job)).toEqual(before);
  await space.jobSteps.finish(job);
  expect(await space.ledger.settle(at, settlement({ ok: 10, cost: 9 }))).toMatchObject({
    result: 'repeated',
    last: false,
  });
});

test('an answer without rows of its own, of a call that cost nothing, settles like any other', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space, { reserve: 0 });
  await space.ledger.settle(at, settlement({ items: 1000, followers: [{ call: 2, rows: 10 }] }));
  expect(await countsOf(space, job)).toMatchObject({
    pending: 10,
    items: 1000,
    open: 1,
    planned: 2,
    in_flight: 0,
    reserved: 0,
  });
});

test('the late answer of an older attempt adds its cost, once, and nothing else', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const first = await send(space);
  await space.ledger.markUnknown(first, DOUBT);
  await space.ledger.resolve(first, { kind: 'not_executed', cost: 0 }, 'failures');
  const second = await send(space);
  expect(second.attempt).toBe(2);
  const before = await countsOf(space, job);
  const answer = settlement({ ok: 10, items: 10, cost: 123 });
  expect(await space.ledger.settle(first, answer)).toMatchObject({ result: 'late', last: false });
  expect(await countsOf(space, job)).toEqual({ ...before, spent: 123, wasted: 123 });
  expect(await space.ledger.settle(first, answer)).toMatchObject({ result: 'repeated', last: false });
  await space.ledger.settle(second, answer);
  expect((await space.ledger.settle(first, answer)).result).toBe('repeated');
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, spent: 246, wasted: 123, unconfirmed: 0 });
  expect((await space.calls.settled(job)).attempt(1)).toBe(2);
});

test('the late error of an older attempt adds its cost, once, too', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const first = await send(space);
  await space.ledger.markUnknown(first, DOUBT);
  await space.ledger.resolve(first, { kind: 'blind', cost: 0 }, 'failures');
  const second = await send(space);
  const error = { cost: 77, delayMs: 0, sentAt: SENT_AT, countsAs: 'failure' as const };
  await space.ledger.defer(first, error);
  await space.ledger.defer(first, error);
  expect(await countsOf(space, job)).toMatchObject({ spent: 77, wasted: 77, in_flight: 1, reserved: RESERVE });
  expect(await space.calls.live(second)).toMatchObject({ state: 'sending', attempt: 2, failures: 1 });
});

test('an answer that comes after its attempt was found lost, but before the next one, counts; its cost is counted once', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const first = await send(space);
  await space.ledger.markUnknown(first, DOUBT);
  expect(await countsOf(space, job)).toMatchObject({ unknown: 1, unconfirmed: RESERVE, reserved: 0, in_flight: 0 });
  await space.ledger.resolve(first, { kind: 'lost', cost: 500 }, 'failures');
  expect(await countsOf(space, job)).toMatchObject({ unknown: 0, unconfirmed: 0, spent: 500, wasted: 500 });
  const [again] = await dispatch(space);
  expect(again).toMatchObject({ attempt: 2, dispatch: 2 });
  expect(await space.ledger.settle(first, settlement({ ok: 10, cost: 500 }))).toMatchObject({
    result: 'settled',
    last: true,
  });
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, spent: 500, wasted: 0, open: 0 });
  if (again !== undefined) expect(await grant(space, again)).toEqual({ granted: false, why: 'settled' });
  expect((await space.ledger.settle(first, settlement({ ok: 10, cost: 500 }))).result).toBe('repeated');
  await space.jobSteps.finish(job);
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('asking again with the same attempt and worker gives the same grant, counted once; another worker is refused', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const [message] = await dispatch(space);
  if (message === undefined) throw new Error('no message');
  const first = await grant(space, message);
  const before = await countsOf(space, job);
  expect(await grant(space, message)).toMatchObject({ granted: true, sentAt: first.granted ? first.sentAt : 0 });
  expect(await grant(space, message, { worker: 'two' })).toEqual({ granted: false, why: 'sending' });
  expect(await countsOf(space, job)).toEqual(before);
  expect(before).toMatchObject({ in_flight: 1, attempts: 1, reserved: RESERVE });
});

test('giving back restores everything, once', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const before = await countsOf(space, job);
  const at = await send(space);
  const permits = space.permitsOf('one');
  await space.permitsOf('two').giveBack(at);
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 1 });
  await permits.giveBack(at);
  await permits.giveBack(at);
  expect(await countsOf(space, job)).toEqual(before);
  expect(await placesOf(space, job)).toEqual({ ...NOWHERE, ready: [1], live: [1], ringed: true });
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(0);
  expect(await send(space)).toMatchObject({ call: 1, attempt: 1, dispatch: 2 });
});

test('a message of an older dispatch neither sends the call nor takes it out of the window', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const [old] = await dispatch(space);
  if (old === undefined) throw new Error('no message');
  await space.ledger.shelve(old);
  await space.ledger.shelve(old);
  expect(await placesOf(space, job)).toMatchObject({ ready: [1], window: [] });
  expect(await grant(space, old)).toEqual({ granted: false, why: 'moved' });
  const [current] = await dispatch(space);
  expect(await dispatch(space)).toEqual([]);
  expect(await grant(space, old)).toEqual({ granted: false, why: 'moved' });
  await space.ledger.shelve(old);
  expect(await placesOf(space, job)).toMatchObject({ ready: [], window: [1] });
  expect(current !== undefined && (await grant(space, current)).granted).toBe(true);
});

test('a call that leaves the window without an answer is told of', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const [message] = await dispatch(space);
  if (message === undefined) throw new Error('no message');
  await space.jobSteps.act(job, { action: 'pause', by: 'me' });
  const listener = await openRedis();
  await listener.subscribe(space.keys.changes);
  const told = once(listener, 'message');
  await space.ledger.shelve(message);
  expect(await told).toEqual([space.keys.changes, `${job.tenant}/${job.id}`]);
  expect(await placesOf(space, job)).toMatchObject({ ready: [1], window: [] });
});

test('a deferred call waits outside the window; deferring again changes nothing', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  const deferral = { cost: 11, delayMs: 3_600_000, sentAt: SENT_AT, countsAs: 'failure' as const };
  expect(await space.ledger.defer(at, deferral)).toEqual({ last: false });
  const after = await countsOf(space, job);
  expect(after).toMatchObject({ spent: 11, wasted: 0, in_flight: 0, reserved: 0, open: 1 });
  await space.ledger.defer(at, deferral);
  expect(await countsOf(space, job)).toEqual(after);
  expect(await placesOf(space, job)).toMatchObject({ later: [1], window: [], ready: [], sending: [] });
  expect(await dispatch(space)).toEqual([]);
  await space.redis.zadd(space.keys.later, 0, `${job.tenant}/${job.id}/1`);
  const [again] = await dispatch(space);
  expect(again).toMatchObject({ attempt: 2 });
  expect(await space.calls.live(at)).toMatchObject({ failures: 1 });
});

test('an error that comes after its call became unknown ends the doubt', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  await space.ledger.markUnknown(at, DOUBT);
  await space.ledger.defer(at, { cost: 3, delayMs: 0, sentAt: SENT_AT, countsAs: 'failure' });
  expect(await countsOf(space, job)).toMatchObject({ unknown: 0, unconfirmed: 0, spent: 3, open: 1 });
  expect(await placesOf(space, job)).toMatchObject({ later: [1], unknown: [] });
});

test('unknown and resolve are safe to repeat, and touch no other state', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const [message] = await dispatch(space);
  if (message === undefined) throw new Error('no message');
  const planned = await recordOf(space, job);
  await space.ledger.markUnknown(message, DOUBT);
  await space.ledger.resolve(message, { kind: 'lost', cost: 9 }, 'failures');
  expect(await recordOf(space, job)).toEqual(planned);
  await grant(space, message);
  await space.ledger.resolve(message, { kind: 'lost', cost: 9 }, 'failures');
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 1, spent: 0 });
  await space.ledger.markUnknown(message, DOUBT);
  await space.ledger.markUnknown(message, DOUBT);
  expect(await countsOf(space, job)).toMatchObject({ unknown: 1, unconfirmed: RESERVE });
  expect(await space.calls.dueUnknown(Number.MAX_SAFE_INTEGER)).toEqual([{ job, call: 1 }]);
  await space.ledger.resolve(message, { kind: 'blind', cost: 0 }, 'failures');
  const resolved = await countsOf(space, job);
  await space.ledger.resolve(message, { kind: 'blind', cost: 0 }, 'failures');
  expect(await countsOf(space, job)).toEqual(resolved);
  expect(resolved).toMatchObject({ unknown: 0, unconfirmed: RESERVE, spent: 0, open: 1 });
  expect(await placesOf(space, job)).toMatchObject({ ready: [1], unknown: [] });
});

test('a parked call fails its rows and keeps its money unconfirmed', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  await space.ledger.markUnknown(at, DOUBT);
  const parked = settlement({ verdict: 'failed', failed: 10, keepUnconfirmed: true });
  expect(await space.ledger.settle(at, parked)).toMatchObject({ result: 'settled', last: true });
  expect(await countsOf(space, job)).toMatchObject({ failed: 10, unknown: 0, unconfirmed: RESERVE, spent: 0 });
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(await recordOf(space, job)).toMatchObject({ outcome: 'none' });
});

test('pages follow one another, each its own call; the row is decided by the last', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2, rows: 1 });
  for (let page = 0; page < 3; page++) {
    const followers = page < 2 ? [{ call: 3 + page * 2, rows: 1 }] : [];
    const at = await send(space, { rows: 1 });
    expect(at.call).toBe(1 + page * 2);
    const answer = settlement({ ok: page < 2 ? 0 : 1, items: 100, cost: 10, followers });
    await space.ledger.settle(at, answer);
    await space.ledger.settle(at, answer);
  }
  expect(await countsOf(space, job)).toMatchObject({
    pending: 1,
    ok: 1,
    items: 300,
    planned: 4,
    done: 3,
    open: 1,
    spent: 30,
  });
  const other = await send(space, { rows: 1 });
  await space.ledger.settle(other, settlement({ items: 100, cost: 10, followers: [{ call: 4, rows: 1 }] }));
  expect(await countsOf(space, job)).toMatchObject({ planned: 5, open: 1 });
  expect(await space.jobSteps.act(job, { action: 'cancel', by: 'me' })).toMatchObject({ last: true });
  expect(await countsOf(space, job)).toMatchObject({ pending: 0, ok: 1, skipped: 1, open: 0 });
  await space.jobSteps.finish(job);
  expect(await recordOf(space, job)).toMatchObject({ outcome: 'partial' });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('a call that is settled while it waits to be sent again leaves nothing behind', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const [first, second] = [await send(space), await send(space)];
  await space.ledger.markUnknown(first, DOUBT);
  await space.ledger.resolve(first, { kind: 'not_executed', cost: 0 }, 'failures');
  await space.ledger.markUnknown(second, DOUBT);
  await space.ledger.resolve(second, { kind: 'blind', cost: 0 }, 'failures');
  await space.ledger.settle(first, settlement({ ok: 10, cost: 4 }));
  expect(await space.ledger.settle(second, settlement({ ok: 10, cost: 4 }))).toMatchObject({ last: true });
  await space.jobSteps.finish(job);
  expect(await countsOf(space, job)).toMatchObject({ ok: 20, spent: 8, wasted: 0, unconfirmed: 0 });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});
