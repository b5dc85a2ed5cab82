import { describe, expect, it } from 'vitest';
import type { Capacity } from '../../src/index.js';
import { boundOfAccount } from '../../src/job/bound/account.js';
import type { AccountFacts, JobFacts } from '../../src/job/bound/facts.js';
import { boundOfJob, QUIET_MS } from '../../src/job/bound/job.js';
import { idle as idleAccount } from '../permit/idle-account.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const SOON = NOW + 7_000;

const idle: Capacity = { ...idleAccount, jobs: 1 };

function accountOf({
  capacity,
  ...facts
}: Partial<Omit<AccountFacts, 'capacity'>> & { capacity?: Partial<Capacity> | null }) {
  return {
    now: NOW,
    host: 'upstream.example',
    workers: { live: 2, places: 90, seenAt: NOW },
    storage: null,
    lookUps: { failure: null, dueAt: null },
    ...facts,
    capacity: capacity === null ? null : { ...idle, ...capacity },
  } satisfies AccountFacts;
}

type Job = Partial<Omit<JobFacts, 'calls'>> & { calls?: Partial<JobFacts['calls']> };

function jobOf({ calls, ...facts }: Job): JobFacts {
  return {
    status: 'running',
    reason: null,
    movedAt: NOW - QUIET_MS,
    pendingRows: 1000,
    sentAt: null,
    delayed: null,
    short: null,
    awaitsTrial: false,
    money: { limit: null, taken: 0 },
    planning: null,
    ...facts,
    calls: { open: 10, inFlight: 0, unknown: 0, ...calls },
  };
}

const waiting = { state: 'waiting', others: 0, failure: null, dueAt: null } as const;
const failedLookUp = { failure: { at: NOW - 5_000, why: 'HTTP 500, 50000 Internal Error.' }, dueAt: SOON };
const busy = { inFlight: 30, slotsBind: true };

describe('what keeps a job', () => {
  it.each<[string, Job, Parameters<typeof accountOf>[0], string, string]>([
    [
      'no worker alive',
      { status: 'queued', planning: waiting },
      { workers: { live: 0, places: 0, seenAt: NOW - 3_600_000 } },
      'no_workers',
      'No worker has been alive since 2026-11-29T11:00:00Z.',
    ],
    [
      'no worker ever',
      { status: 'queued', planning: waiting },
      { workers: { live: 0, places: 0, seenAt: null }, capacity: null },
      'no_workers',
      '0 workers are alive, and none has ever been.',
    ],
    [
      'workers of another upstream',
      {},
      { capacity: null },
      'no_workers',
      '2 workers are alive, but none for upstream.example.',
    ],
    [
      'storage away, though look-ups fail too',
      { calls: { open: 9, unknown: 9 } },
      { storage: { at: NOW - 60_000, why: 'ENOSPC: no space left on device' }, lookUps: failedLookUp },
      'storage',
      'Nothing has been sent since 2026-11-29T11:59:00Z, because answers could not be stored: ENOSPC: no space left on device.',
    ],
    [
      'look-ups that fail',
      { calls: { open: 9, unknown: 9 } },
      { lookUps: failedLookUp },
      'look_ups',
      "9 calls wait for the upstream's record; the last look-up failed at 2026-11-29T11:59:55Z: HTTP 500, 50000 Internal Error; next at 2026-11-29T12:00:07Z.",
    ],
    [
      'a look-up that is due',
      { calls: { open: 1, unknown: 1 } },
      { lookUps: { failure: null, dueAt: SOON } },
      'look_ups',
      "1 call waits for the upstream's record; the record is asked next at 2026-11-29T12:00:07Z.",
    ],
    [
      'money that an unknown call holds',
      { calls: { open: 10, unknown: 1 }, short: 'job' },
      { lookUps: failedLookUp },
      'look_ups',
      expect.stringMatching(/^1 call waits/) as unknown as string,
    ],
    [
      'slots that unknown calls hold, of any job',
      {},
      { capacity: { inFlight: 30, inDoubt: 30, slotsBind: true }, lookUps: failedLookUp },
      'look_ups',
      expect.stringMatching(
        /^30 slots are held by calls without an answer; the last look-up failed/,
      ) as unknown as string,
    ],
    [
      'money of its own calls',
      { calls: { inFlight: 3 }, short: 'job', money: { limit: 1_000_000_000, taken: 990_000_000 } },
      { capacity: busy },
      'budget',
      '$0.99 of $1 is spent or held by 3 calls without an answer: the next call waits for what they leave.',
    ],
    [
      'money of the tenant',
      { short: 'tenant' },
      {},
      'budget',
      "The tenant's budget is held by calls without an answer, including 0 calls of this job.",
    ],
    [
      'an outage of the account',
      {},
      { capacity: { outage: { reason: 'upstream_funds', probeAt: SOON } } },
      'upstream_pause',
      'The account is paused, upstream_funds: the next probe is at 2026-11-29T12:00:07Z.',
    ],
    [
      'a wait of the account',
      {},
      { capacity: { wait: { untilMs: SOON, forMs: 7_000, why: 'rate' } } },
      'upstream_pause',
      'The account waits until 2026-11-29T12:00:07Z, because the upstream says that more requests came in a minute than it takes.',
    ],
    [
      'a trial of an endpoint whose answers could not be read',
      { calls: { open: 7 }, awaitsTrial: true },
      { capacity: busy },
      'upstream_pause',
      'Answers of its endpoint could not be read: 1 call at a time is sent until one can, and 7 calls of this job wait.',
    ],
    [
      'calls that wait out a delay',
      { calls: { open: 2 }, delayed: { calls: 2, until: SOON } },
      { capacity: busy },
      'upstream_pause',
      '2 calls wait to be sent again, the first until 2026-11-29T12:00:07Z: the upstream did not take it.',
    ],
    [
      'its turn',
      {},
      { capacity: { ...busy, jobs: 2 } },
      'turn',
      'Other jobs have 30 calls in flight, and 2 jobs are waiting: its turn comes when a call is answered.',
    ],
    [
      'its own calls in all slots',
      { calls: { inFlight: 30 } },
      { capacity: busy },
      'upstream_in_flight',
      '30 requests are in flight, of 30 that the account may have at once.',
    ],
    [
      'the rate',
      { calls: { inFlight: 3 } },
      { capacity: { inFlight: 3, rateBinds: true, sentLastMinute: 1_999 } },
      'upstream_rate',
      'The account has sent 1,999 requests in the last minute, of 2,000 that it may.',
    ],
    [
      'few places',
      { calls: { inFlight: 8 } },
      { capacity: { inFlight: 8 }, workers: { live: 1, places: 8, seenAt: NOW } },
      'workers',
      '1 worker takes 8 calls at once, of 30 that the account may have.',
    ],
    [
      'a slow answer',
      { calls: { open: 1, inFlight: 1 }, sentAt: NOW - 20_000 },
      { capacity: { inFlight: 1 } },
      'upstream_in_flight',
      '1 call waits for an answer, the first was sent at 2026-11-29T11:59:40Z.',
    ],
    [
      'calls that nobody takes',
      {},
      {},
      'workers',
      '10 calls are ready since 2026-11-29T11:59:58Z, and 2 workers are alive.',
    ],
    [
      'its end',
      { calls: { open: 0 }, pendingRows: 0 },
      {},
      'workers',
      'Its next step has waited for a worker since 2026-11-29T11:59:58Z, and 2 workers are alive.',
    ],
    [
      "others' planning",
      { status: 'queued', planning: { ...waiting, others: 3 } },
      {},
      'turn',
      'It has waited since 2026-11-29T11:59:58Z: 3 lists are planned before it.',
    ],
    [
      'planning that takes long',
      { status: 'planning', planning: { ...waiting, state: 'active' }, pendingRows: 1_000_000 },
      {},
      'workers',
      '1,000,000 rows are being packed into calls since 2026-11-29T11:59:58Z.',
    ],
    [
      'a plan whose writing has stopped half-way',
      { planning: { ...waiting, state: 'delayed', failure: 'EIO: i/o error', dueAt: SOON } },
      {},
      'workers',
      'It is planned again at 2026-11-29T12:00:07Z, because its planning failed: EIO: i/o error.',
    ],
    [
      'its turn, though its plan is still being written',
      { planning: { ...waiting, state: 'active' } },
      { capacity: { ...busy, jobs: 2 } },
      'turn',
      expect.stringMatching(/^Other jobs have 30 calls/) as unknown as string,
    ],
    [
      'planning that failed',
      { status: 'planning', planning: { ...waiting, state: 'delayed', failure: 'EIO: i/o error', dueAt: SOON } },
      {},
      'workers',
      'It is planned again at 2026-11-29T12:00:07Z, because its planning failed: EIO: i/o error.',
    ],
    [
      'a message that nobody takes',
      { status: 'queued', planning: waiting },
      {},
      'workers',
      'No worker has planned it since 2026-11-29T11:59:58Z; 2 workers are alive.',
    ],
    [
      'an outage that has paused it',
      { status: 'paused', reason: 'upstream_funds' },
      { capacity: { outage: { reason: 'upstream_funds', probeAt: SOON } } },
      'upstream_pause',
      expect.stringMatching(/^The account is paused/) as unknown as string,
    ],
  ])('%s', (...row) => {
    const [, job, account, by, detail] = row;
    expect(boundOfJob(jobOf(job), accountOf(account))).toEqual({ by, detail });
  });

  it.each<[string, Job]>([
    ['it has just moved', { movedAt: NOW - QUIET_MS + 1 }],
    ['it was paused by its user', { status: 'paused', reason: 'user' }],
    ['it is cancelled, and calls of it are in flight', { status: 'cancelled', calls: { inFlight: 2 } }],
  ])('nothing where %s', (_, job) => {
    expect(boundOfJob(jobOf(job), accountOf({}))).toBeNull();
  });

  it('nothing where its endpoint has changed, which no end of the account’s outage ends', () => {
    const outage = accountOf({ capacity: { outage: { reason: 'upstream_funds', probeAt: SOON } } });
    expect(boundOfJob(jobOf({ status: 'paused', reason: 'upstream_changed' }), outage)).toBeNull();
  });
});

describe('what keeps the account', () => {
  it.each<[Parameters<typeof accountOf>[0], string | null]>([
    [{}, null],
    [{ capacity: { inFlight: 12 } }, null],
    [{ capacity: { inFlight: 30 } }, 'upstream_in_flight'],
    [{ capacity: { inFlight: 29, slotsBind: true } }, 'upstream_in_flight'],
    [{ capacity: { inFlight: 12, rateBinds: true } }, 'upstream_rate'],
    [{ capacity: { inFlight: 10 }, workers: { live: 1, places: 10, seenAt: NOW } }, 'workers'],
    [{ capacity: { inFlight: 30, inDoubt: 30 } }, 'look_ups'],
    [{ capacity: { inFlight: 30, wait: { untilMs: SOON, forMs: 1, why: 'failing' } } }, 'upstream_pause'],
    [{ storage: { at: NOW, why: 'EROFS' }, capacity: { rateBinds: true } }, 'storage'],
    [{ workers: { live: 0, places: 0, seenAt: NOW }, storage: { at: NOW, why: 'EROFS' } }, 'no_workers'],
  ])('%j: %s', (facts, by) => {
    expect(boundOfAccount(accountOf(facts))?.by ?? null).toBe(by);
  });
});
