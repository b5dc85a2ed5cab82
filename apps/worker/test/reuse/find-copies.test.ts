import type { JobDescription } from '@linkhaul/jobs';
import { expect, test } from 'vitest';
import { createJobSource } from '../../src/cache/job-source.js';
import { findCopies } from '../../src/reuse/find-copies.js';
import { targetsNamed } from '../planned-targets.js';
import type { TestWorker } from '../test-worker.js';
import { buy, HOST, openWorld } from './reuse-world.js';

const DAY_MS = 86_400_000;

/** When what is found for a target was fetched, in days ago; null if it has to be bought. */
async function found(world: TestWorker, name: string, asked: Partial<JobDescription> = {}) {
  const job = await world.plan([targetsNamed([name])], { upstreamHost: HOST, max_age: '7d', ...asked });
  const planned = await world.services.source.job(job);
  if (planned === null) return expect.fail('no plan');
  const answer = await findCopies({ call: 1, planned, targets: targetsNamed([name]) }, world.services);
  const copy = answer?.copies[0] ?? null;
  expect(answer?.wanted.targets).toEqual(copy === null ? [name] : []);
  return copy && Math.round((Date.now() - copy.fetchedAt) / DAY_MS);
}

test('an answer is reused up to the age that the job allows', async () => {
  const world = await openWorld();
  await buy(world, 'a.com', [6 * DAY_MS]);
  expect(await found(world, 'a.com')).toBe(6);
  expect(await found(world, 'a.com', { max_age: '6d' })).toBeNull();
  expect(await found(world, 'b.com')).toBeNull();
});

test('a list is as old as its oldest page', async () => {
  const list = { endpoint: 'domain_pages' as const, max_items_per_target: 5000 };
  const world = await openWorld(list);
  await buy(world, 'a.com', [2 * DAY_MS, 5 * DAY_MS, DAY_MS], list);
  expect(await found(world, 'a.com', list)).toBe(5);
  expect(await found(world, 'a.com', { ...list, max_age: '4d' })).toBeNull();
});

test.each([
  ['another tenant', { tenant: 'other' }],
  ['another upstream', { upstreamHost: 'other.test' }],
  ['another endpoint', { endpoint: 'bulk_ranks' as const }],
  ['other parameters', { params: { rank_scale: 'one_hundred' } }],
])('nothing is reused for %s', async (_, asked) => {
  const world = await openWorld();
  const other = { tenant: 'tenant', upstreamHost: HOST, endpoint: 'bulk_backlinks' as const, params: {}, ...asked };
  await world.services.questions.open(other);
  await world.redis.hset(world.keys.origins, 'other.test', 1);
  await buy(world, 'a.com', [0]);
  expect(await found(world, 'a.com', asked)).toBeNull();
});

test('generated rows do not come back once the data of the upstream is real', async () => {
  const world = await openWorld();
  await buy(world, 'a.com', [0]);
  expect(await found(world, 'a.com')).toBe(0);
  await world.redis.hset(world.keys.origins, HOST, 0);
  expect(await found(world, 'a.com')).toBeNull();
  await world.redis.hdel(world.keys.origins, HOST);
  expect(await found(world, 'a.com')).toBeNull();
});

test('an index that Redis has lost is made again by the next call that needs it', async () => {
  const world = await openWorld();
  await buy(world, 'a.com', [DAY_MS]);
  const { redis, keys } = world;
  await redis.del(await redis.keys(`${keys.root}:reuse:*`));
  expect(await found(world, 'a.com')).toBe(1);
  await buy(world, 'b.com', [0]);
  expect(await found(world, 'b.com')).toBe(0);
});

test.each(['answers', 'plan'])('where the %s of a source are gone, its targets are bought again', async (part) => {
  const world = await openWorld();
  const job = await buy(world, 'a.com', [0]);
  await world.services.storage.remove(`jobs/tenant/${job.id}/${part}`);
  // Another process has cached nothing of it.
  const { store, storage } = world.services;
  Object.assign(world.services, { source: createJobSource(store, storage) });
  expect(await found(world, 'a.com')).toBeNull();
});
