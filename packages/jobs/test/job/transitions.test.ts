import { describe, expect, test } from 'vitest';
import { jobView } from '../../src/index.js';
import { acceptJob } from '../accept-job.js';
import { dispatch, grant, NOWHERE, placesOf, send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, recordOf, SENT_AT, settlement } from '../planning/space.js';

test('pausing and resuming: in each state, and repeated', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: 10 });
  const act = async (action: 'plan' | 'pause' | 'resume' | 'cancel') => {
    const { result, status, last } = await space.jobSteps.act(job, {
      action,
      by: 'me',
      ...(action === 'pause' && { reason: 'user' }),
    });
    return `${result} ${status}${last ? ' last' : ''}`;
  };
  expect(await act('resume')).toBe('same queued');
  expect(await act('pause')).toBe('done paused');
  expect(await act('pause')).toBe('same paused');
  expect(await act('plan')).toBe('refused paused');
  expect(await act('resume')).toBe('done queued');
  expect(await act('plan')).toBe('done planning');
  expect(await act('plan')).toBe('same planning');
  expect(await act('pause')).toBe('done paused');
  const plan = { roots: 1, callsPerPart: 1, manual: false };
  expect(await space.jobSteps.planned(job, plan)).toEqual({ last: false });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'user', startedAt: null });
  expect(await dispatch(space)).toEqual([]);
  expect(await act('resume')).toBe('done running');
  expect(await act('resume')).toBe('same running');
  const before = await recordOf(space, job);
  await space.jobSteps.planned(job, { ...plan, roots: 5 });
  expect(await recordOf(space, job)).toEqual(before);
  const at = await send(space);
  await act('pause');
  expect(await grant(space, at)).toMatchObject({ granted: true });
  await space.ledger.settle(at, settlement({ ok: 10 }));
  expect(await act('pause')).toBe('same paused last');
  const counts = { ...(await recordOf(space, job)).counts };
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect((await recordOf(space, job)).counts).toEqual(counts);
  // It is kept for a month: what says nothing takes no room.
  const { simulated, ...kept } = await space.redis.hgetall(space.keys.job(job));
  expect([simulated, ...Object.values(kept).filter((value) => value === '0' || value === '')]).toEqual(['0']);
  for (const action of ['pause', 'resume', 'cancel', 'plan'] as const)
    expect(await act(action)).toBe('refused completed');
  const { history } = await recordOf(space, job);
  expect(history.map(({ action, from, to }) => `${action} ${from}>${to}`)).toEqual([
    'submit >queued',
    'pause queued>paused',
    'resume paused>queued',
    'pause planning>paused',
    'resume paused>running',
    'pause running>paused',
    'finish paused>completed',
  ]);
});

test('a manual start waits for its user', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: 10 });
  await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: true });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'manual_start', startedAt: null });
  expect(await dispatch(space)).toEqual([]);
  await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  expect(await recordOf(space, job)).toMatchObject({ status: 'running', reason: null });
  expect(await dispatch(space)).toHaveLength(1);
});

describe('a manual start that its user lets go before the plan is there', () => {
  const MANUAL = { start: 'manual' } as const;
  const plan = { roots: 1, callsPerPart: 1, manual: true };
  const opened = async () => {
    const space = await openSpace();
    const job = await acceptJob(space, { valid: 10 }, MANUAL);
    const resume = (how: { budget?: number } = {}) => space.jobSteps.act(job, { action: 'resume', by: 'me', ...how });
    const pause = () => space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
    const stateOf = async () => {
      const { status, reason, history } = await recordOf(space, job);
      return [status, reason, ...history.map(({ by, action, from, to }) => `${by} ${action} ${from}>${to}`).slice(1)];
    };
    return { space, job, resume, pause, stateOf };
  };

  test('runs as soon as it is planned; the history says once who did that', async () => {
    for (const from of ['queued', 'planning'] as const) {
      const { space, job, resume, stateOf } = await opened();
      if (from === 'planning') await space.jobSteps.act(job, { action: 'plan', by: 'system' });
      expect(await resume()).toMatchObject({ result: 'done', status: from });
      expect(await resume()).toMatchObject({ result: 'same', status: from });
      await space.jobSteps.planned(job, plan);
      expect(await stateOf()).toEqual(['running', null, `me resume ${from}>${from}`]);
      expect(await dispatch(space)).toHaveLength(1);
    }
  });

  test('with a budget; one that is refused lets nothing go', async () => {
    const { space, job, resume, stateOf } = await opened();
    expect(await space.jobSteps.act(job, { action: 'resume', by: 'me', budget: 4, leastCall: 5 })).toMatchObject({
      result: 'short',
      least: 5,
    });
    expect(await stateOf()).toEqual(['queued', null]);
    await resume({ budget: 5 });
    await space.jobSteps.planned(job, plan);
    expect(await stateOf()).toEqual(['running', null, 'me set_budget >0.000000005', 'me resume queued>queued']);
  });

  test('stays paused where it is paused after that, and goes on from there', async () => {
    const { space, job, resume, pause, stateOf } = await opened();
    await resume();
    await pause();
    await space.jobSteps.planned(job, plan);
    expect((await stateOf()).slice(0, 2)).toEqual(['paused', 'user']);
    await resume();
    expect((await stateOf())[0]).toBe('running');
  });

  test('is let go from a pause too, but not by the account going on', async () => {
    const paused = await opened();
    await paused.pause();
    expect(await paused.resume()).toMatchObject({ status: 'queued' });
    await paused.space.jobSteps.planned(paused.job, plan);
    expect((await paused.stateOf())[0]).toBe('running');

    const { space, job, stateOf } = await opened();
    for (const action of ['pause', 'resume'] as const) {
      await space.jobSteps.act(job, { action, by: 'system', reason: 'upstream_down' });
    }
    await space.jobSteps.planned(job, plan);
    expect((await stateOf()).slice(0, 2)).toEqual(['paused', 'manual_start']);
  });

  test('is let go by a retry of what was cancelled before', async () => {
    const { space, job, stateOf } = await opened();
    await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
    await space.jobSteps.finish(job);
    await space.store.retire(job);
    const choice = { statuses: ['skipped'] as const, codes: null, retryableOnly: true, buy: false };
    expect(await space.jobSteps.retry(job, { by: 'me', choice })).toMatchObject({ result: 'done' });
    await space.jobSteps.act(job, { action: 'pause', by: 'system', reason: 'upstream_down' });
    await space.jobSteps.planned(job, plan);
    expect((await stateOf()).slice(0, 2)).toEqual(['paused', 'upstream_down']);
  });
});

test('what pauses and resumes by itself says why, and goes on only where nobody else has paused the job', async () => {
  const space = await openSpace();
  const { jobSteps } = space;
  const [one, two] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  const system = (action: 'pause' | 'resume') => ({ action, by: 'system', reason: 'upstream_funds' as const });
  for (const job of [one, two]) await jobSteps.act(job, system('pause'));
  expect(await jobSteps.act(two, { action: 'pause', by: 'me', reason: 'user' })).toMatchObject({ status: 'paused' });
  expect(await recordOf(space, two)).toMatchObject({ status: 'paused', reason: 'user' });
  expect(await jobSteps.act(two, { action: 'resume', by: 'system', reason: 'upstream_auth' })).toMatchObject({
    result: 'same',
  });
  expect(await jobSteps.act(two, system('resume'))).toMatchObject({ result: 'same', status: 'paused' });
  expect(await jobSteps.act(two, system('pause'))).toMatchObject({ result: 'same' });
  expect(await recordOf(space, two)).toMatchObject({ reason: 'user' });

  expect(await jobSteps.act(one, system('resume'))).toMatchObject({ result: 'done', status: 'running' });
  expect(await jobSteps.act(one, system('resume'))).toMatchObject({ result: 'same', status: 'running' });
  const record = await recordOf(space, one);
  expect(record).toMatchObject({ status: 'running', reason: null });
  expect(jobView(record).history.map(({ by, action, reason }) => `${by} ${action} ${reason}`)).toEqual([
    'tenant submit null',
    'system pause upstream_funds',
    'system resume upstream_funds',
  ]);
  await jobSteps.act(two, { action: 'resume', by: 'me' });
  expect(await dispatch(space)).toHaveLength(2);
});

test('a job that waits for its tenant’s budget goes on by itself, unless its user pauses it', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const system = (action: 'pause' | 'resume') =>
    space.jobSteps.act(job, { action, by: 'system', reason: 'tenant_budget' });
  await system('pause');
  expect(await system('resume')).toMatchObject({ result: 'done', status: 'running' });
  await system('pause');
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  expect(await system('resume')).toMatchObject({ result: 'same', status: 'paused' });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'user' });
});

test('a deadline that passes while the account is away holds when the job goes on by itself', async () => {
  const space = await openSpace();
  const deadline = Date.now() - 1;
  const job = await planJob(space, { calls: 1 }, { bounds: { deadline } });
  for (const action of ['pause', 'resume'] as const)
    await space.jobSteps.act(job, { action, by: 'system', reason: 'upstream_down' });
  expect(await recordOf(space, job)).toMatchObject({ status: 'running', bounds: { deadline } });
  await space.jobSteps.judgeDeadline(job);
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'deadline' });
});

test('a job that starts by hand does not start by itself when the account goes on', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: 10 });
  await space.jobSteps.act(job, { action: 'pause', by: 'system', reason: 'upstream_funds' });
  await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: true });
  expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'manual_start' });
});

test('a job without calls closes at once; one that does not exist is gone', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { invalid: 3 });
  expect(await space.jobSteps.finish(job)).toBe('open');
  const plan = { roots: 0, callsPerPart: 1, manual: false };
  expect(await space.jobSteps.planned(job, plan)).toEqual({ last: true });
  expect(await space.jobSteps.planned(job, plan)).toEqual({ last: true });
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(await recordOf(space, job)).toMatchObject({ outcome: 'none', counts: { total: 3, invalid: 3 } });
  const gone = { tenant: 'tenant', id: 'job_none' };
  expect(await space.jobSteps.act(gone, { action: 'cancel', by: 'me' })).toEqual({
    result: 'gone',
    status: '',
    last: false,
    least: 0,
  });
  expect(await space.jobSteps.finish(gone)).toBe('open');
  expect(await space.jobSteps.planned(gone, plan)).toEqual({ last: false });
  expect(await space.redis.exists(space.keys.job(gone))).toBe(0);
});

test('cancelling skips what is not sent; rows in flight stay pending until their answers', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 7 });
  const [sending, failing, unknown, lost, waiting] = [
    await send(space),
    await send(space),
    await send(space),
    await send(space),
    await send(space),
  ];
  await space.ledger.markUnknown(unknown, DOUBT);
  await space.ledger.markUnknown(lost, DOUBT);
  await space.ledger.defer(waiting, { cost: 0, delayMs: 60_000, sentAt: SENT_AT, countsAs: 'nothing' });
  await dispatch(space, 3);
  const cancelled = await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
  expect(cancelled).toEqual({ result: 'done', status: 'cancelled', last: false, least: 0 });
  expect(await countsOf(space, job)).toMatchObject({ pending: 40, skipped: 30, open: 4, in_flight: 2, unknown: 2 });
  expect(await placesOf(space, job)).toEqual({
    ...NOWHERE,
    window: [1, 2],
    sending: [1, 2],
    unknown: [3, 4],
    live: [1, 2, 3, 4],
  });
  expect(await space.jobSteps.finish(job)).toBe('open');
  const page = settlement({ items: 100, followers: [{ call: 8, rows: 10 }], cost: 1 });
  expect(await space.ledger.settle(sending, page)).toMatchObject({ last: false });
  expect(await space.ledger.settle(unknown, settlement({ ok: 10, cost: 1 }))).toMatchObject({ last: false });
  expect(await space.ledger.defer(failing, { cost: 1, delayMs: 0, sentAt: SENT_AT, countsAs: 'failure' })).toEqual({
    last: false,
  });
  expect(await space.ledger.resolve(lost, { kind: 'lost', cost: 1 }, 'failures')).toEqual({ last: true });
  expect(await space.ledger.resolve(lost, { kind: 'lost', cost: 1 }, 'failures')).toEqual({ last: true });
  expect((await space.ledger.settle(lost, settlement({ ok: 10, cost: 1 }))).result).toBe('repeated');
  expect(await space.jobSteps.finish(job)).toBe('cancelled');
  const record = await recordOf(space, job);
  expect(record).toMatchObject({ status: 'cancelled', outcome: 'partial' });
  expect(record.counts).toMatchObject({
    pending: 0,
    ok: 10,
    skipped: 60,
    spent: 4,
    wasted: 1,
    reserved: 0,
    unconfirmed: 0,
  });
  expect(await placesOf(space, job)).toEqual(NOWHERE);
});

test('cancelling before the plan skips every row, and no plan starts it again', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: 10, invalid: 1 });
  expect(await space.jobSteps.act(job, { action: 'cancel', by: 'me' })).toMatchObject({
    status: 'cancelled',
    last: true,
  });
  expect(await space.jobSteps.act(job, { action: 'cancel', by: 'me' })).toMatchObject({ result: 'same', last: true });
  expect(await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: false })).toEqual({ last: true });
  expect(await space.jobSteps.finish(job)).toBe('cancelled');
  expect(await countsOf(space, job)).toMatchObject({ total: 11, pending: 0, skipped: 10, invalid: 1, planned: 0 });
  expect(await space.jobSteps.finish(job)).toBe('cancelled');
});

test('finishing again changes nothing', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  await space.ledger.settle(await send(space), settlement({ ok: 9, empty: 1 }));
  await space.jobSteps.finish(job);
  const closed = await recordOf(space, job);
  expect(closed).toMatchObject({ status: 'completed', outcome: 'complete' });
  expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(await recordOf(space, job)).toEqual(closed);
});
