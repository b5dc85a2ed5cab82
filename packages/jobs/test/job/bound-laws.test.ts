import { JOB_STATUSES, OUTAGE_REASONS } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { boundOfAccount } from '../../src/job/bound/account.js';
import type { AccountFacts, JobFacts } from '../../src/job/bound/facts.js';
import { boundOfJob, QUIET_MS } from '../../src/job/bound/job.js';

const NOW = Date.UTC(2026, 10, 29, 12);

describe('whatever is known', () => {
  // Mostly nothing is wrong, so that the last judge is asked too.
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof(fc.constant(null), value);
  const seldom = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true));
  const count = fc.nat(40);
  const few = fc.oneof(fc.constant(0), fc.nat(3));
  const time = fc.integer({ min: NOW - 86_400_000, max: NOW + 86_400_000 });
  const words = fc.string();
  const failure = maybe(fc.record({ at: time, why: words }));
  const capacity = fc.record({
    maxPerMinute: fc.integer({ min: 1, max: 30_000 }),
    maxInFlight: fc.integer({ min: 1, max: 40 }),
    slots: fc.integer({ min: 1, max: 40 }),
    inFlight: few,
    sentLastMinute: count,
    slotsBind: seldom,
    rateBinds: seldom,
    wait: maybe(fc.record({ untilMs: time, forMs: count, why: words })),
    outage: maybe(fc.record({ reason: fc.constantFrom(...OUTAGE_REASONS), probeAt: time })),
    inDoubt: few,
    latencyMs: maybe(count),
    workers: count,
    places: count,
    jobs: count,
  });
  const account: fc.Arbitrary<AccountFacts> = fc.record({
    now: fc.constant(NOW),
    host: words,
    workers: fc.record({ live: count, places: count, seenAt: maybe(time) }),
    capacity: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: capacity }),
    storage: failure,
    lookUps: fc.record({ failure, dueAt: maybe(time) }),
  });
  const planning = maybe(
    fc.record({
      state: fc.constantFrom('waiting' as const, 'active' as const, 'delayed' as const, 'missing' as const),
      others: count,
      failure: maybe(words),
      dueAt: maybe(time),
    }),
  );
  const job: fc.Arbitrary<JobFacts> = fc.record({
    status: fc.constantFrom(...JOB_STATUSES, 'running' as const, 'running' as const),
    reason: maybe(fc.constantFrom('user', 'upstream_funds')),
    movedAt: time,
    pendingRows: count,
    calls: fc.record({ open: count, inFlight: few, unknown: few }),
    sentAt: maybe(time),
    delayed: maybe(fc.record({ calls: count, until: time })),
    awaitsTrial: seldom,
    short: fc.constantFrom(null, 'job' as const, 'tenant' as const),
    money: fc.record({ limit: maybe(fc.maxSafeNat()), taken: fc.maxSafeNat() }),
    planning,
  });

  it('a queued, planning or running job that does not move has a cause, and each cause a number', () => {
    fc.assert(
      fc.property(job, account, (facts, around) => {
        const bound = boundOfJob(facts, around);
        const isOpen = ['queued', 'planning', 'running'].includes(facts.status);
        if (isOpen && NOW - facts.movedAt >= QUIET_MS) expect(bound).not.toBeNull();
        if (bound !== null) expect(bound.detail).toMatch(/\d.*\.$/s);
        if (!isOpen && facts.status !== 'paused') expect(bound).toBeNull();
      }),
      { numRuns: tries(1000) },
    );
  });

  it('no job goes on where the account cannot', () => {
    fc.assert(
      fc.property(job, account, (facts, around) => {
        const stops = boundOfAccount(around)?.by;
        const isOpen = ['queued', 'planning', 'running'].includes(facts.status);
        if (isOpen && (stops === 'no_workers' || stops === 'storage'))
          expect(boundOfJob(facts, around)?.by).toBe(stops);
      }),
    );
  });
});
