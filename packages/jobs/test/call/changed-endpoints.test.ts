import { OUTAGE_REASONS } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { describe, expect, test } from 'vitest';
import type { Message, Settlement } from '../../src/index.js';
import { acceptJob, type Overrides } from '../accept-job.js';
import { dispatch, grant, send } from '../messages.js';
import { DOUBT, openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

const UNREADABLE = { verdict: 'failed', failed: 10, failedCode: 'answer_unreadable', cost: 60_000_000 } as const;
const READ = { ok: 10, items: 10, cost: 24_360_000 } as const;

/** Long before any change was met, and long after. */
const BEFORE = 0;
const AFTER = 8_000_000_000_000;

const pauseJobs = (space: Space) => space.changedEndpoints.pauseJobs();

function plan(space: Space, overrides: Overrides = {}): Promise<JobRef> {
  return planJob(space, { calls: 20 }, overrides);
}

function answer(space: Space, at: Message<'call'>, what: Partial<Settlement>) {
  return space.ledger.settle(at, settlement({ sentAt: AFTER, ...what }));
}

/** Calls of a job, all in flight together; other jobs are kept out of their way. */
async function sendCalls(space: Space, job: JobRef, count: number): Promise<Message<'call'>[]> {
  const sent: Message<'call'>[] = [];
  while (sent.length < count) {
    const at = await nextOf(space, job);
    if (at === null) throw new Error('nothing can be sent');
    sent.push(at);
  }
  return sent;
}

/** Sends the job's next call; null where it may not send one. What other jobs have is put back. */
async function nextOf(space: Space, job: JobRef): Promise<Message<'call'> | null> {
  const most = (await space.redis.zcard(space.keys.window)) + 10;
  let found: Message<'call'> | null = null;
  for (const message of await dispatch(space, most)) {
    const isOurs = found === null && message.job.id === job.id;
    if (isOurs && (await grant(space, message)).granted) found = message;
    else await space.ledger.shelve(message);
  }
  return found;
}

/** The change is met by three answers of the job. */
async function meet(space: Space, job: JobRef): Promise<void> {
  for (const at of await sendCalls(space, job, 3)) await answer(space, at, UNREADABLE);
  await pauseJobs(space);
}

const resume = (space: Space, job: JobRef) => space.jobSteps.act(job, { action: 'resume', by: 'me' });

/** Two jobs of a tenant that has met the change by the first of them, resumed by a user. */
async function openAfterResume() {
  const space = await openSpace();
  const jobs = [await plan(space), await plan(space)] as const;
  await meet(space, jobs[0]);
  for (const job of jobs) await resume(space, job);
  return { space, jobs };
}

async function stateOf(space: Space, job: JobRef): Promise<string> {
  const { status, reason } = await recordOf(space, job);
  return `${status}${reason === null ? '' : ` ${reason}`}`;
}

const states = (space: Space, jobs: readonly JobRef[]) => Promise.all(jobs.map((job) => stateOf(space, job)));

describe('three answers in a row that cannot be read', () => {
  test("pause the tenant's jobs of that endpoint in whatever state, and nobody else's", async () => {
    const space = await openSpace();
    const job = await plan(space);
    const [queued, planning] = [await acceptJob(space, { valid: 1 }), await acceptJob(space, { valid: 1 })];
    await space.jobSteps.act(planning, { action: 'plan', by: 'system' });
    const others = [
      await plan(space, { endpoint: 'referring_domains' }),
      await plan(space, { tenant: 'other' }),
      await plan(space, { upstreamHost: 'elsewhere' }),
    ];
    const [first, second, third] = await sendCalls(space, job, 3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were sent');
    expect(await answer(space, first, UNREADABLE)).toMatchObject({ changed: false });
    expect(await answer(space, second, UNREADABLE)).toMatchObject({ changed: false });
    expect(await stateOf(space, job)).toBe('running');
    expect(await answer(space, third, UNREADABLE)).toEqual({ result: 'settled', last: false, changed: true });
    // Its own job pauses with the answer, whatever becomes of the worker.
    expect(await states(space, [job, queued, planning])).toEqual(['paused upstream_changed', 'queued', 'planning']);
    expect(await pauseJobs(space)).toEqual([
      { endpoint: 'bulk_backlinks', host: 'localhost', tenant: 'tenant', jobs: 2 },
    ]);
    expect(await pauseJobs(space)).toEqual([]);
    expect(await states(space, [queued, planning])).toEqual(['paused upstream_changed', 'paused upstream_changed']);
    expect(await states(space, others)).toEqual(['running', 'running', 'running']);
    expect(await nextOf(space, job)).toBeNull();

    const { history, counts } = await recordOf(space, job);
    expect(history.at(-1)).toMatchObject({
      by: 'system',
      action: 'pause',
      from: 'running',
      to: 'paused',
      reason: 'upstream_changed',
    });
    expect(counts).toMatchObject({ failed: 30, pending: 170, spent: 3 * UNREADABLE.cost });
    const { events } = await space.events.list('tenant', { after: null, limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(['job.paused', 'job.paused', 'job.paused']);
  });

  test('are counted from 0 again after one that was read; an empty one, or a refusal, tells nothing', async () => {
    const space = await openSpace();
    const job = await plan(space);
    const answers = [
      UNREADABLE,
      UNREADABLE,
      READ,
      UNREADABLE,
      UNREADABLE,
      { empty: 10 },
      { verdict: 'failed', failed: 10, failedCode: 'upstream_rejected' },
    ] as const;
    for (const what of answers) for (const at of await sendCalls(space, job, 1)) await answer(space, at, what);
    expect(await stateOf(space, job)).toBe('running');
    for (const at of await sendCalls(space, job, 1)) await answer(space, at, UNREADABLE);
    expect(await stateOf(space, job)).toBe('paused upstream_changed');
  });

  test('are none where old ones are read again, with nothing sent', async () => {
    const space = await openSpace();
    const job = await plan(space);
    for (const at of await sendCalls(space, job, 4)) {
      await space.ledger.markUnknown(at, DOUBT);
      await space.ledger.resolve(at, { kind: 'not_executed', cost: 0 }, 'failures');
      expect(await answer(space, at, UNREADABLE)).toMatchObject({ result: 'settled', changed: false });
    }
    expect(await stateOf(space, job)).toBe('running');
  });

  test('do not pause a job of which nothing is open any more: it closes; the next ones have one call open', async () => {
    const space = await openSpace();
    for (let calls = 1; calls <= 4; calls++) {
      const job = await planJob(space, { calls: 1 });
      for (const at of await sendCalls(space, job, 1)) await answer(space, at, UNREADABLE);
      expect(await stateOf(space, job)).toBe('running');
      expect(await space.jobSteps.finish(job)).toBe('completed');
    }
    const job = await plan(space);
    await sendCalls(space, job, 1);
    expect(await nextOf(space, job)).toBeNull();
  });

  test('are counted over all jobs of the tenant, and each once, however often it is settled', async () => {
    const space = await openSpace();
    const jobs = [await plan(space), await plan(space)];
    const [one] = await sendCalls(space, jobs[0] ?? fail(), 1);
    for (const _ of [1, 2, 3]) if (one) await answer(space, one, UNREADABLE);
    expect(await states(space, jobs)).toEqual(['running', 'running']);
    for (const at of await sendCalls(space, jobs[1] ?? fail(), 2)) await answer(space, at, UNREADABLE);
    expect(await states(space, jobs)).toEqual(['running', 'paused upstream_changed']);
    await pauseJobs(space);
    expect(await states(space, jobs)).toEqual(['paused upstream_changed', 'paused upstream_changed']);
  });

  test("met by two tenants, they pause everybody's jobs of the endpoint; by one with an odd filter, only his", async () => {
    const space = await openSpace();
    const [job, other, third] = [
      await plan(space),
      await plan(space, { tenant: 'other' }),
      await plan(space, { tenant: 'third' }),
    ];
    const elsewhere = await plan(space, { tenant: 'third', endpoint: 'referring_domains' });
    await meet(space, job);
    for (const at of await sendCalls(space, other, 2)) await answer(space, at, UNREADABLE);
    await pauseJobs(space);
    expect(await states(space, [job, other, third])).toEqual(['paused upstream_changed', 'running', 'running']);
    await meet(space, other);
    expect(await states(space, [job, other, third])).toEqual(Array(3).fill('paused upstream_changed'));
    expect(await stateOf(space, elsewhere)).toBe('running');
    // Who comes now has one call open, and one answer is enough.
    const newcomer = await plan(space, { tenant: 'newcomer' });
    const [trial] = await sendCalls(space, newcomer, 1);
    expect(await nextOf(space, newcomer)).toBeNull();
    if (trial) await answer(space, trial, UNREADABLE);
    expect(await stateOf(space, newcomer)).toBe('paused upstream_changed');
  });

  test('end for everybody with one answer that was read; then one tenant alone pauses nobody else again', async () => {
    const space = await openSpace();
    const [odd, other, third] = [
      await plan(space),
      await plan(space, { tenant: 'other' }),
      await plan(space, { tenant: 'third' }),
    ];
    await meet(space, odd);
    await meet(space, other);
    await resume(space, third);
    const [trial] = await sendCalls(space, third, 1);
    if (trial) await answer(space, trial, READ);
    await sendCalls(space, third, 3);
    for (const _ of [1, 2]) {
      await resume(space, odd);
      for (const at of await sendCalls(space, odd, 1)) await answer(space, at, UNREADABLE);
      await pauseJobs(space);
    }
    expect(await states(space, [odd, third])).toEqual(['paused upstream_changed', 'running']);
    await resume(space, other);
    for (const at of await sendCalls(space, other, 1)) await answer(space, at, UNREADABLE);
    await pauseJobs(space);
    expect(await stateOf(space, third)).toBe('paused upstream_changed');
  });
});

describe('a pause for answers that cannot be read', () => {
  test('takes the place of one that would end by itself, and of no other', async () => {
    const space = await openSpace();
    const passing = [...OUTAGE_REASONS, 'tenant_budget'] as const;
    const staying = ['user', 'budget', 'deadline', 'manual_start'] as const;
    const job = await plan(space);
    const paused = async (reason: (typeof passing | typeof staying)[number]) => {
      const its = await plan(space);
      await space.jobSteps.act(its, { action: 'pause', by: 'system', reason });
      return its;
    };
    const passingJobs = await Promise.all(passing.map(paused));
    const stayingJobs = await Promise.all(staying.map(paused));
    await meet(space, job);
    expect(await states(space, passingJobs)).toEqual(passing.map(() => 'paused upstream_changed'));
    expect(await states(space, stayingJobs)).toEqual(staying.map((reason) => `paused ${reason}`));
  });

  test('is ended by nothing but a resume by hand: no outage, and no user who pauses it as well, changes it', async () => {
    const space = await openSpace();
    const job = await plan(space);
    await meet(space, job);
    for (const reason of [...OUTAGE_REASONS, 'tenant_budget', 'user'] as const) {
      await space.jobSteps.act(job, { action: 'pause', by: 'system', reason });
      expect(await space.jobSteps.act(job, { action: 'resume', by: 'system', reason })).toMatchObject({
        result: 'same',
      });
    }
    expect(await stateOf(space, job)).toBe('paused upstream_changed');
    expect(await resume(space, job)).toMatchObject({ result: 'done', status: 'running' });
  });

  test('that was cut short by a crash is made good, but for jobs that somebody resumed since', async () => {
    const space = await openSpace();
    const [job, left, others] = [await plan(space), await plan(space), await plan(space, { tenant: 'other' })];
    for (const at of await sendCalls(space, job, 3)) await answer(space, at, UNREADABLE);
    await resume(space, job);
    expect(await pauseJobs(space)).toMatchObject([{ jobs: 1 }]);
    expect(await states(space, [job, left, others])).toEqual(['running', 'paused upstream_changed', 'running']);
  });

  test('is not made good any more once an answer was read', async () => {
    const space = await openSpace();
    const [job, left] = [await plan(space), await plan(space)];
    for (const at of await sendCalls(space, job, 3)) await answer(space, at, UNREADABLE);
    await resume(space, job);
    for (const at of await sendCalls(space, job, 1)) await answer(space, at, READ);
    expect(await pauseJobs(space)).toEqual([]);
    expect(await states(space, [job, left])).toEqual(['running', 'running']);
  });

  test('reaches every one of hundreds of jobs', async () => {
    const space = await openSpace();
    const job = await plan(space);
    const jobs = await Promise.all(Array.from({ length: 250 }, () => acceptJob(space, { valid: 1 })));
    await meet(space, job);
    expect(new Set(await states(space, jobs))).toEqual(new Set(['paused upstream_changed']));
  });
});

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

  test('a call whose answer is not at hand holds the next one up until its fate is known', async () => {
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

test('a partly matched answer teaches no price, nor one that cannot be read', async () => {
  const space = await openSpace();
  await planJob(space, { calls: 20 }, { bounds: { maxCost: 100_000_000_000 } });
  const money = { mostItems: 1000, leastItems: 1000, prices: { call: 24_000_000, item: 36_000 }, tenantDaily: null };
  const reserved = async () => {
    const at = await send(space, { money });
    return { at, nanos: (await space.redis.hget(space.keys.call(at.job, at.call), 'reserved')) ?? '' };
  };
  const first = await reserved();
  expect(first.nanos).toBe('60000000');
  await answer(space, first.at, { ok: 1, failed: 9, items: 1, cost: 60_000_000 });
  const second = await reserved();
  expect(second.nanos).toBe('60000000');
  await answer(space, second.at, { ...UNREADABLE, cost: 90_000_000 });
  expect((await reserved()).nanos).toBe('60000000');
});

function fail(): never {
  throw new Error('there is such a job');
}
