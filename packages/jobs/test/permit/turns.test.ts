import type { JobRef } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowTries } from '../../../../e2e/env.js';
import { dispatch, send } from '../messages.js';
import { openSpace, planJob, type Space, settlement } from '../planning/space.js';

/** As in dispatch.lua: a turn is late by so much, in turns of a tenant of weight 1, for being a whole number. */
const ROUNDED = 1 / 1000;
const RUNS = { numRuns: slowTries(25) };

type Weights = Readonly<Record<string, number>>;

const names = ['a', 'b', 'c', 'd', 'e'];
const weight = fc.integer({ min: 1, max: 100 });
const crowd = fc
  .array(weight, { minLength: 2, maxLength: names.length })
  .map((weights): Weights => Object.fromEntries(weights.map((own, at) => [names[at], own])));

/** Each with more calls to send than anybody asks for. */
async function openCrowd(weights: Weights): Promise<Space> {
  const space = await openSpace();
  for (const [tenant, own] of Object.entries(weights)) {
    await space.tenants.setWeight(tenant, own);
    await planJob(space, { calls: 10_000 }, { tenant });
  }
  return space;
}

/** Whose the next calls are, in order. */
async function turns(space: Space, calls: number): Promise<string[]> {
  const standing = await space.redis.zcard(space.keys.window);
  return (await dispatch(space, standing + calls)).map(({ job }) => job.tenant);
}

/** In every stretch of these turns, no two tenants are further apart than a number of turns of each. */
function expectShares(order: readonly string[], weights: Weights, apart: (name: string) => number): void {
  const wrong: string[] = [];
  for (let from = 0; from < order.length; from++) {
    const sent = Object.fromEntries(Object.keys(weights).map((name) => [name, 0]));
    const per = (name: string, calls: number) => calls / (weights[name] ?? 1);
    for (const [at, name] of order.slice(from).entries()) {
      sent[name] = (sent[name] ?? 0) + 1;
      for (const other of Object.keys(weights)) {
        const most = per(name, apart(name)) + per(other, apart(other)) + 2 * ROUNDED;
        if (Math.abs(per(name, sent[name] ?? 0) - per(other, sent[other] ?? 0)) <= most + Number.EPSILON) continue;
        wrong.push(`${name} and ${other} from call ${from} to ${from + at}`);
      }
    }
  }
  expect(wrong).toEqual([]);
}

test('in every stretch, each has its share by weight to within one turn', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, async (weights) => {
      const space = await openCrowd(weights);
      expectShares(await turns(space, 150), weights, () => 1);
    }),
    RUNS,
  );
});

test('three calls for one, evenly', async () => {
  const space = await openCrowd({ a: 3, b: 1 });
  expect((await turns(space, 12)).join('')).toBe('abaaabaaabaa');
});

test('who is alone gets everything', async () => {
  const space = await openCrowd({ a: 1 });
  expect(await turns(space, 50)).toEqual(Array<string>(50).fill('a'));
});

test('a newcomer’s first call comes before anybody’s second, and waiting has saved it nothing', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, weight, fc.nat(300), async (weights, own, before) => {
      const space = await openCrowd(weights);
      await turns(space, before);
      await space.tenants.setWeight('new', own);
      await planJob(space, { calls: 10_000 }, { tenant: 'new' });
      const order = await turns(space, 100);
      const first = order.slice(0, order.indexOf('new'));
      expect(order).toContain('new');
      expect(new Set(first).size).toBe(first.length);
      // Its own turns do not begin with its coming: its second may come at once.
      expectShares(order, { ...weights, new: own }, (name) => (name === 'new' ? 2 : 1));
    }),
    RUNS,
  );
});

test('coming and going gains nothing', async () => {
  const stays = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(crowd, weight, stays, async (weights, own, comings) => {
      const space = await openCrowd(weights);
      await space.tenants.setWeight('guest', own);
      const sent: string[] = [];
      let job: JobRef | null = null;
      for (const comes of comings) {
        if (comes) job ??= await planJob(space, { calls: 10 }, { tenant: 'guest' });
        const [next = ''] = await turns(space, 1);
        sent.push(next);
        if (next !== 'guest' || job === null) continue;
        await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
        job = null;
      }
      const count = (name: string) => sent.filter((one) => one === name).length;
      for (const [name, of] of Object.entries(weights)) {
        expect(count('guest') / own).toBeLessThanOrEqual((count(name) + 1) / of + 2 / own + 2 * ROUNDED);
      }
    }),
    RUNS,
  );
});

test('another weight holds at once, for who had few turns and for who had many', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, weight, fc.nat(200), async (weights, other, before) => {
      const space = await openCrowd(weights);
      await turns(space, before);
      await space.tenants.setWeight('a', other);
      // Its next turn is moved, the one after that is its own.
      expectShares(await turns(space, 150), { ...weights, a: other }, (name) => (name === 'a' ? 2 : 1));
    }),
    RUNS,
  );
});

test('a tenant whose calls are all sent leaves nothing behind, and begins again as everybody', async () => {
  const space = await openSpace();
  const { redis, keys, jobSteps, ledger } = space;
  await space.tenants.setWeight('a', 7);
  const jobs = [
    await planJob(space, { calls: 2 }, { tenant: 'a' }),
    await planJob(space, { calls: 1 }, { tenant: 'b' }),
  ];
  for (let sent = 0; sent < 3; sent++) await ledger.settle(await send(space), settlement({ ok: 10 }));
  expect(await turns(space, 1)).toEqual([]);
  for (const job of jobs) await jobSteps.finish(job);
  const left = await redis.keys(`${keys.root}:*`);
  expect(left.filter((key) => /:(ring|turns)/.test(key))).toEqual([]);
  expect(await space.tenants.weight('a')).toBe(7);
  await space.tenants.setWeight('a', 1);
  expect(await redis.exists(keys.tenant('a'))).toBe(0);
  expect(await space.tenants.weight('a')).toBe(1);
});
