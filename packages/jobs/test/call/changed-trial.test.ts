import { describe, expect, test } from 'vitest';
import { DOUBT, openSpace, recordOf } from '../planning/space.js';
import {
  AFTER,
  answer,
  BEFORE,
  nextOf,
  openAfterResume,
  pauseJobs,
  plan,
  READ,
  resume,
  sendCalls,
  states,
  UNREADABLE,
} from './changed-answers.js';

describe('resumed by hand', () => {
  test('one call of the tenant goes first; an answer that was read ends that, one that was not pauses again', async () => {
    const { space, jobs } = await openAfterResume();
    const [job, beside] = jobs;
    const trial = await nextOf(space, job);
    expect(await nextOf(space, job)).toBeNull();
    expect(await nextOf(space, beside)).toBeNull();
    expect(await recordOf(space, beside)).toMatchObject({ status: 'running', awaitsTrial: true, short: false });
    if (trial) await answer(space, trial, UNREADABLE);
    await pauseJobs(space);
    expect(await states(space, jobs)).toEqual(['paused upstream_changed', 'paused upstream_changed']);

    for (const each of jobs) await resume(space, each);
    const second = await nextOf(space, beside);
    expect(await nextOf(space, job)).toBeNull();
    if (second) await answer(space, second, READ);
    expect(await sendCalls(space, job, 3)).toHaveLength(3);
    expect(await sendCalls(space, beside, 3)).toHaveLength(3);
  });

  test('an answer of a call that was sent before does not end it, read or not', async () => {
    const space = await openSpace();
    const job = await plan(space);
    const [one, two, three, early, late] = await sendCalls(space, job, 5);
    for (const at of [one, two, three]) if (at) await answer(space, at, UNREADABLE);
    await pauseJobs(space);
    await resume(space, job);
    // What is in flight from before counts as open.
    expect(await nextOf(space, job)).toBeNull();
    if (early) await answer(space, early, { ...READ, sentAt: BEFORE });
    expect(await nextOf(space, job)).toBeNull();
    const beside = await plan(space);
    if (late) await answer(space, late, { ...UNREADABLE, sentAt: BEFORE });
    await pauseJobs(space);
    expect(await states(space, [job, beside])).toEqual(['paused upstream_changed', 'running']);
    await resume(space, job);
    await sendCalls(space, job, 1);
    expect(await nextOf(space, job)).toBeNull();
  });

  test('a call without an answer holds the next one up until its fate is known', async () => {
    const { space, jobs } = await openAfterResume();
    const [job, beside] = jobs;
    const trial = await nextOf(space, job);
    if (trial === null) throw new Error('a trial is sent');
    await space.ledger.markUnknown(trial, DOUBT);
    expect(await nextOf(space, job)).toBeNull();
    expect(await nextOf(space, beside)).toBeNull();
    await space.ledger.resolve(trial, { kind: 'not_executed', cost: 0 }, 'failures');
    expect(await nextOf(space, beside)).not.toBeNull();
    expect(await nextOf(space, job)).toBeNull();
  });

  test('a trial that is given back, put off or cancelled leaves its place to another', async () => {
    const { space, jobs } = await openAfterResume();
    const [job, beside] = jobs;
    const first = await nextOf(space, job);
    if (first === null) throw new Error('a trial is sent');
    await space.permitsOf('one').giveBack(first);
    const second = await nextOf(space, beside);
    if (second === null) throw new Error('a trial is sent');
    expect(await nextOf(space, job)).toBeNull();
    await space.ledger.defer(second, { cost: 0, delayMs: 60_000, sentAt: AFTER, countsAs: 'failure' });
    const third = await nextOf(space, job);
    if (third === null) throw new Error('a trial is sent');
    await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
    expect(await nextOf(space, beside)).toBeNull();
    await answer(space, third, READ);
    await sendCalls(space, beside, 3);
  });
});
