import { type JobDescription, questionOf } from '@linkhaul/jobs';
import { expect, test } from 'vitest';
import { createJobSource } from '../../src/cache/job-source.js';
import { findCopies } from '../../src/reuse/find-copies.js';
import { settleAnswer } from '../../src/settle/store-answer.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

const DAY_MS = 86_400_000;
const HOST = 'upstream.test';

async function openWorld(asked: Partial<JobDescription> = {}) {
  const world = await openTestWorker();
  const description = {
    tenant: 'tenant',
    upstreamHost: HOST,
    endpoint: 'bulk_backlinks' as const,
    params: {},
    ...asked,
  };
  await world.services.reuse.open(questionOf(description));
  await world.redis.hset(world.keys.origins, HOST, 1);
  return world;
}

/** Buys targets in one call, or the pages of one target, each answered so long ago. */
async function buy(world: TestWorker, name: string, ages: readonly number[], asked: Partial<JobDescription> = {}) {
  const job = await world.plan([targetsNamed([name])], { upstreamHost: HOST, ...asked });
  for (const [at, age] of ages.entries()) {
    const [sent] = await world.send(job);
    if (sent === undefined) return expect.fail('not sent');
    const count = at < ages.length - 1 ? 1000 : 1;
    const items = Array.from({ length: count }, (_, item) => ({
      target: name,
      backlinks: item,
      page: `${at}/${item}`,
    }));
    const task = { id: `t${at}`, status_code: 20000, status_message: 'Ok.', cost: 0.1, data: { tag: sent.tag } };
    const json = { status_code: 20000, tasks: [{ ...task, result: [{ items }] }] };
    await settleAnswer(sent, judgedAnswer(sent, json, Date.now() - age), { kind: 'answered' }, world.services);
  }
  return job;
}

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
  await world.services.reuse.open(
    questionOf({ tenant: 'tenant', upstreamHost: HOST, endpoint: 'bulk_backlinks', params: {}, ...asked }),
  );
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

test.each(['answers', 'plan'])('where the %s of a source are gone, its targets are bought again', async (part) => {
  const world = await openWorld();
  const job = await buy(world, 'a.com', [0]);
  await world.services.storage.remove(`jobs/tenant/${job.id}/${part}`);
  // Another process has cached nothing of it.
  const { store, storage } = world.services;
  Object.assign(world.services, { source: createJobSource(store, storage) });
  expect(await found(world, 'a.com')).toBeNull();
});
