import type { JobRef } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import type { Message } from '../../src/index.js';
import { dispatch, grant } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, type Space, settlement } from '../planning/space.js';

const PRICES = { call: 1_000, item: 10 };

const STEPS = [
  'send',
  'send',
  'send',
  'settle',
  'settle',
  'unknown',
  'lost',
  'not_executed',
  'defer',
  'giveBack',
] as const;

const step = fc.record({
  step: fc.constantFrom(...STEPS),
  pick: fc.nat(1000),
  items: fc.integer({ min: 1, max: 300 }),
  /** Of what is reserved. */
  charged: fc.double({ min: 0, max: 1, noNaN: true }),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  readonly message: Message<'call'>;
  readonly items: number;
}

/** Jobs of one tenant, and what several workers do to them at the same time. */
class Race {
  private readonly sent: Sent[] = [];
  private readonly space: Space;
  private readonly tenantDaily: number | null;

  constructor(space: Space, tenantDaily: number | null) {
    this.space = space;
    this.tenantDaily = tenantDaily;
  }

  async take(at: Step): Promise<void> {
    if (at.step === 'send') return this.send(at);
    const place = at.pick % Math.max(1, this.sent.length);
    const one = this.sent[place];
    if (one === undefined) return;
    // An attempt is charged once, or not at all: what the upstream says of it does not change.
    if (at.step !== 'unknown') this.sent.splice(place, 1);
    const { ledger, permitsOf } = this.space;
    const { message } = one;
    const cost = Math.floor(at.charged * (PRICES.call + PRICES.item * one.items));
    const sentAt = Date.now();
    switch (at.step) {
      case 'settle':
        await ledger.settle(message, settlement({ ok: 1, items: one.items, cost, sentAt }));
        return;
      case 'unknown':
        return ledger.markUnknown(message, DOUBT);
      case 'lost':
      case 'not_executed':
        await ledger.resolve(message, { kind: at.step, cost: at.step === 'lost' ? cost : 0 }, 'failures');
        return;
      case 'defer':
        await ledger.defer(message, { cost, delayMs: 0, sentAt, countsAs: 'failure' });
        return;
      case 'giveBack':
        await permitsOf('one').giveBack(message);
    }
  }

  private async send({ items, pick }: Step): Promise<void> {
    const { redis, keys, ledger } = this.space;
    const leastItems = pick % 2 === 0 ? items : 1;
    const money = { mostItems: items, leastItems, prices: PRICES, tenantDaily: this.tenantDaily };
    const [message] = await dispatch(this.space, (await redis.zcard(keys.window)) + 1);
    if (message === undefined) return;
    const reply = await grant(this.space, message, { rows: 1, money });
    if (reply.granted) this.sent.push({ message, items: reply.items });
    else await ledger.shelve(message);
  }
}

const scenario = fc.record({
  budgets: fc.array(fc.option(fc.integer({ min: 1_010, max: 20_000 })), { minLength: 1, maxLength: 3 }),
  tenantDaily: fc.option(fc.integer({ min: 1_010, max: 30_000 })),
  rounds: fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 25 }),
});

test('whatever happens at the same time, no budget is exceeded, and its tenant has committed what its jobs have', async () => {
  const space = await openSpace();
  const { tenants } = space;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ budgets, tenantDaily, rounds }) => {
      const tenant = `t${run++}`;
      const jobs: JobRef[] = [];
      for (const maxCost of budgets) {
        jobs.push(await planJob(space, { calls: 30, rows: 1 }, { tenant, bounds: { maxCost } }));
      }
      const race = new Race(space, tenantDaily);
      for (const round of rounds) {
        await Promise.all(round.map((at) => race.take(at)));
        let committed = 0;
        for (const [at, job] of jobs.entries()) {
          const { spent, reserved, unconfirmed, in_flight, unknown } = await countsOf(space, job);
          expect(spent + reserved + unconfirmed).toBeLessThanOrEqual(budgets[at] ?? Number.POSITIVE_INFINITY);
          if (in_flight + unknown === 0) expect(reserved + unconfirmed).toBe(0);
          committed += spent + reserved + unconfirmed;
        }
        expect(committed).toBeLessThanOrEqual(tenantDaily ?? Number.POSITIVE_INFINITY);
        expect((await tenants.money(tenant)).committed).toEqual({ day: committed, month: committed });
      }
      for (const job of jobs) await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
      await dispatch(space);
    }),
    { numRuns: tries(30) },
  );
});
