import { OUTAGE_REASONS } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { acceptJob } from '../accept-job.js';
import { send } from '../messages.js';
import { DOUBT, openSpace, planJob, recordOf } from '../planning/space.js';
import {
  answer,
  meet,
  nextOf,
  pauseJobs,
  plan,
  READ,
  resume,
  sendCalls,
  stateOf,
  states,
  UNREADABLE,
} from './changed-answers.js';

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
