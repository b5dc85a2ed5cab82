import { expect, it } from 'vitest';
import { takeUpCall } from '../../src/call/take-up-call.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker } from '../test-worker.js';

it('gives a call back to its plan where a newer version has taken its job up, and takes it later', async () => {
  const { services, plan, redis, keys } = await openTestWorker();
  const job = await plan([targetsNamed(['a.com'])]);
  const window = () => redis.zrange(keys.window, '0', '-1');
  await services.dispatcher.fill();
  const name = `${job.tenant}/${job.id}/1`;
  expect(await window()).toEqual([name]);
  await redis.hset(keys.job(job), 'format', 99);
  const message = { job, call: 1, attempt: 1, dispatch: 1 };
  expect(await takeUpCall(message, services)).toBe(false);
  expect([await window(), await redis.lrange(keys.ready(job), 0, -1)]).toEqual([[], ['1']]);
  await redis.hset(keys.job(job), 'format', 1);
  await services.dispatcher.fill();
  expect(await window()).toEqual([name]);
  expect(await takeUpCall({ ...message, dispatch: 2 }, services)).toBe(true);
});
