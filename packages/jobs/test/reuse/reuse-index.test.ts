import { expect, test } from 'vitest';
import { type NotedAnswer, questionOf } from '../../src/index.js';
import { placeOfTarget } from '../../src/reuse/target-place.js';
import { describeJob } from '../accept-job.js';
import { openSpace, planJob, type Space } from '../planning/space.js';

const QUESTION = 'tenant/question';
const AT = 1_700_000_000_000;

async function answerOf(
  space: Space,
  targets: readonly string[],
  rest: Partial<NotedAnswer> = {},
): Promise<NotedAnswer> {
  const job = rest.job ?? (await planJob(space, { calls: 3 }));
  return { job, call: 1, attempt: 1, answeredAt: AT, targets, isPart: false, retentionDays: 30, ...rest };
}

async function hintsOf(space: Space, target: string) {
  const { hints } = await space.reuse.find(QUESTION, [target], { hasParts: true });
  return hints[0]?.map(({ call, attempt, answeredAt }) => ({ call, attempt, answeredAt }));
}

test('nothing is kept of a question before somebody wants to reuse its answers', async () => {
  const space = await openSpace();
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com']));
  expect(await space.redis.keys(`${space.keys.root}:reuse:*`)).toEqual([]);
  expect(await space.reuse.open(QUESTION)).toBe(false);
  expect(await hintsOf(space, 'a.com')).toEqual([]);
  await space.reuse.complete(QUESTION);
  expect(await space.reuse.open(QUESTION)).toBe(true);
});

test('the newest answer about a target is found; an earlier one that is noted later does not take its place', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com', 'b.com'], { call: 2, attempt: 3 }));
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com'], { call: 7, answeredAt: AT + 5000 }));
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com', 'c.com'], { call: 9 }), { isEarlier: true });
  expect(await hintsOf(space, 'a.com')).toEqual([{ call: 7, attempt: 1, answeredAt: AT / 1000 + 5 }]);
  expect(await hintsOf(space, 'b.com')).toEqual([{ call: 2, attempt: 3, answeredAt: AT / 1000 }]);
  expect(await hintsOf(space, 'c.com')).toEqual([{ call: 9, attempt: 1, answeredAt: AT / 1000 }]);
  expect(await hintsOf(space, 'd.com')).toEqual([]);
});

test('an answer that is settled again, or comes late, does not take the place of a newer one', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const answer = await answerOf(space, ['a.com']);
  await space.reuse.note(QUESTION, answer);
  const versionOf = async () => (await space.reuse.find(QUESTION, ['a.com'], { hasParts: false })).version;
  const before = await versionOf();
  await space.reuse.note(QUESTION, answer);
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com'], { answeredAt: AT - 60_000, call: 5 }));
  expect(await versionOf()).toBe(before);
  expect((await hintsOf(space, 'a.com'))?.map(({ call }) => call)).toEqual([1]);
});

test('an answer with a part of the items stands beside a whole one', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com']));
  await space.reuse.note(QUESTION, await answerOf(space, ['a.com'], { call: 2, isPart: true }));
  expect((await hintsOf(space, 'a.com'))?.map(({ call }) => call)).toEqual([1, 2]);
});

test('answers of a removed job are not found, and their places are given back when a bucket fills', async () => {
  const space = await openSpace();
  await space.reuse.open(QUESTION);
  const removed = await answerOf(space, ['a.com']);
  await space.reuse.note(QUESTION, removed);
  await space.redis.del(space.keys.job(removed.job));
  expect(await hintsOf(space, 'a.com')).toEqual([]);
  const { bucket, field } = placeOfTarget('a.com');
  const key = space.keys.reuseBucket(QUESTION, bucket);
  await space.redis.hset(key, Object.fromEntries(Array.from({ length: 62 }, (_, at) => [`x${at}`, '1.1.1.1.1'])));
  const other = Array.from({ length: 2_000_000 }, (_, at) => `${at}.com`).find(
    (name) => placeOfTarget(name).bucket === bucket,
  );
  await space.reuse.note(QUESTION, await answerOf(space, [other ?? '']));
  expect(await space.redis.hkeys(key)).toEqual([placeOfTarget(other ?? '').field]);
  expect(await space.redis.hexists(key, field)).toBe(0);
});

test('a question is of one tenant, upstream, endpoint and parameters, in whatever order these stand', () => {
  const usual = questionOf(describeJob({ params: { a: 1, b: { c: [1, 2], d: 2 } } }));
  expect(questionOf(describeJob({ params: { b: { d: 2, c: [1, 2] }, a: 1 }, tag: 'other' }))).toBe(usual);
  const others = [
    { params: { a: 1, b: { c: [2, 1], d: 2 } } },
    { tenant: 'other', params: { a: 1, b: { c: [1, 2], d: 2 } } },
    { upstreamHost: 'other', params: { a: 1, b: { c: [1, 2], d: 2 } } },
    { endpoint: 'bulk_ranks' as const, params: { a: 1, b: { c: [1, 2], d: 2 } } },
  ].map((one) => questionOf(describeJob(one)));
  expect(new Set([usual, ...others]).size).toBe(5);
});
