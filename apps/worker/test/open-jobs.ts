import { randomUUID } from 'node:crypto';
import {
  type Access,
  accessTo,
  connectClient,
  connectSubscriber,
  type Jobs,
  openJobs,
  whenReady,
} from '@linkhaul/jobs';
import { onTestFinished } from 'vitest';
import { REDIS_URL } from './redis.js';

interface TestJobs {
  readonly access: Access;
  readonly jobs: Jobs;
  readonly subscriber: ReturnType<typeof connectSubscriber>;
}

/** What API and workers share, in the tests' Redis under a prefix of its own. It is removed when the test has finished. */
export async function openTestJobs(): Promise<TestJobs> {
  const settings = { address: { kind: 'server', url: REDIS_URL }, prefix: `test-${randomUUID()}` } as const;
  const [redis, subscriber] = [connectClient(settings), connectSubscriber(settings)];
  await whenReady(redis);
  const access = accessTo(redis, settings.prefix);
  const jobs = openJobs(access);
  onTestFinished(async () => {
    await jobs.queues.close();
    for (const left of await redis.keys(`${access.keys.root}:*`)) await redis.unlink(left);
    for (const connection of [redis, subscriber]) connection.disconnect();
  });
  return { access, jobs, subscriber };
}
