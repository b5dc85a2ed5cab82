import { expect, test } from 'vitest';
import { acceptJob } from '../accept-job.js';
import { dispatch, grant, send } from '../messages.js';
import { countsOf, openSpace, recordOf, type Space, settlement } from '../planning/space.js';

const ROWS = 10;
const ROOTS = 6;
const PLAN = { roots: ROOTS, callsPerPart: 1, manual: false };

/** A job whose plan is being written: two of its six calls are stored. */
async function growing(space: Space, { manual = false } = {}) {
  const job = await acceptJob(space, { valid: ROOTS * ROWS });
  await space.jobSteps.act(job, { action: 'plan', by: 'system' });
  const say = (stored: number) => space.jobSteps.planned(job, { ...PLAN, manual, stored });
  expect(await say(2)).toEqual({ last: false });
  const callsNow = async () => (await dispatch(space)).map(({ call }) => call);
  return { job, say, callsNow };
}

test('a call may be sent once its own part of the plan is stored, and not before', async () => {
  const space = await openSpace();
  const { job, say, callsNow } = await growing(space);
  expect(await recordOf(space, job)).toMatchObject({ status: 'running', storedRoots: 2, plan: { roots: ROOTS } });
  expect(await countsOf(space, job)).toMatchObject({ planned: ROOTS, open: ROOTS, pending: ROOTS * ROWS });
  expect(await callsNow()).toEqual([1, 2]);
  await say(5);
  expect(await callsNow()).toEqual([3, 4, 5]);
  await say(ROOTS);
  expect(await recordOf(space, job)).toMatchObject({ storedRoots: null });
  expect(await callsNow()).toEqual([6]);
});

test('another planner goes on from the first call: what it says again changes nothing', async () => {
  const space = await openSpace();
  const { job, say, callsNow } = await growing(space);
  expect(await callsNow()).toEqual([1, 2]);
  await say(4);
  for (const stored of [1, 2, 4]) {
    const before = await recordOf(space, job);
    await say(stored);
    expect(await recordOf(space, job)).toEqual(before);
  }
  expect(await callsNow()).toEqual([3, 4]);
  await say(ROOTS);
  const whole = await recordOf(space, job);
  for (const stored of [1, ROOTS]) {
    await say(stored);
    expect(await recordOf(space, job)).toEqual(whole);
  }
  expect(await callsNow()).toEqual([5, 6]);
});

test('a job does not close while its plan grows, though all calls that are stored are settled', async () => {
  const space = await openSpace();
  const { job, say } = await growing(space);
  for (let call = 1; call <= 2; call++) {
    const at = await send(space);
    expect(await space.ledger.settle(at, settlement({ ok: ROWS }))).toMatchObject({ last: false });
  }
  expect(await space.jobSteps.finish(job)).toBe('open');
  expect(await say(ROOTS)).toEqual({ last: false });
  for (let call = 3; call <= ROOTS; call++) {
    const at = await send(space);
    expect(await space.ledger.settle(at, settlement({ ok: ROWS }))).toMatchObject({ last: call === ROOTS });
  }
  expect(await space.jobSteps.finish(job)).toBe('completed');
});

test('a job that is cancelled while its plan grows sends nothing more, and closes when the plan is whole', async () => {
  const space = await openSpace();
  const { job, say, callsNow } = await growing(space);
  const at = await send(space);
  expect(await space.jobSteps.act(job, { action: 'cancel', by: 'me' })).toMatchObject({
    status: 'cancelled',
    last: false,
  });
  expect(await countsOf(space, job)).toMatchObject({ open: 1, pending: ROWS, skipped: (ROOTS - 1) * ROWS });
  expect(await say(4)).toEqual({ last: false });
  expect(await callsNow()).toEqual([]);
  expect(await space.ledger.settle(at, settlement({ ok: ROWS }))).toMatchObject({ last: false });
  expect(await space.jobSteps.finish(job)).toBe('open');
  expect(await say(ROOTS)).toEqual({ last: true });
  expect(await space.jobSteps.finish(job)).toBe('cancelled');
  expect(await countsOf(space, job)).toMatchObject({ open: 0, pending: 0, ok: ROWS, skipped: (ROOTS - 1) * ROWS });
});

test('a job that is paused while its plan grows stays so, and goes on with all that is stored by then', async () => {
  const space = await openSpace();
  const { job, say, callsNow } = await growing(space);
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  await say(4);
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', storedRoots: 4 });
  expect(await callsNow()).toEqual([]);
  expect(await space.jobSteps.act(job, { action: 'resume', by: 'me' })).toMatchObject({ status: 'running' });
  expect(await callsNow()).toEqual([1, 2, 3, 4]);
  await say(ROOTS);
  expect(await callsNow()).toEqual([5, 6]);
});

test('a job that starts by hand waits for its user, whose word counts while its plan grows', async () => {
  const space = await openSpace();
  const { job, say, callsNow } = await growing(space, { manual: true });
  await say(3);
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'manual_start', startedAt: null });
  expect(await callsNow()).toEqual([]);
  await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  expect(await callsNow()).toEqual([1, 2, 3]);
  await say(ROOTS);
  expect(await recordOf(space, job)).toMatchObject({ status: 'running', storedRoots: null });
  expect(await callsNow()).toEqual([4, 5, 6]);
  expect((await recordOf(space, job)).history.map(({ action }) => action)).toEqual(['submit', 'resume']);
});

test('a job whose money is over while its plan grows pauses, and is not woken by further calls', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: ROOTS * ROWS }, { bounds: { maxCost: 1 } });
  await space.jobSteps.planned(job, { ...PLAN, stored: 2 });
  const [first] = await dispatch(space);
  if (first === undefined) throw new Error('nothing can be dispatched');
  expect(await grant(space, first)).toMatchObject({ granted: false, why: 'budget' });
  await space.jobSteps.planned(job, { ...PLAN, stored: 4 });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'budget', storedRoots: 4 });
  expect(await dispatch(space)).toEqual([]);
  expect(await space.jobSteps.planned(job, PLAN)).toEqual({ last: false });
});

test('a job that is to finish without money closes when its plan is whole', async () => {
  const space = await openSpace();
  const overrides = { bounds: { maxCost: 1 }, on_budget: 'finish' as const };
  const job = await acceptJob(space, { valid: ROOTS * ROWS }, overrides);
  await space.jobSteps.planned(job, { ...PLAN, stored: 2 });
  const [first] = await dispatch(space);
  if (first === undefined) throw new Error('nothing can be dispatched');
  expect(await grant(space, first)).toMatchObject({ granted: false, why: 'budget' });
  expect(await space.jobSteps.finish(job)).toBe('open');
  expect(await space.jobSteps.planned(job, PLAN)).toEqual({ last: true });
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(await countsOf(space, job)).toMatchObject({ pending: 0, skipped: ROOTS * ROWS });
});
