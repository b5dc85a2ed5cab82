import type { JobDescription } from '@linkhaul/jobs';
import { expect } from 'vitest';
import { settleAnswer } from '../../src/settle/store-answer.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

export const HOST = 'upstream.test';

/** A worker whose index keeps the question that is asked here, of an upstream with generated data. */
export async function openWorld(asked: Partial<JobDescription> = {}) {
  const world = await openTestWorker();
  const description = {
    tenant: 'tenant',
    upstreamHost: HOST,
    endpoint: 'bulk_backlinks' as const,
    params: {},
    ...asked,
  };
  await world.services.questions.open(description);
  await world.redis.hset(world.keys.origins, HOST, 1);
  return world;
}

/** Buys a target, or the pages of its list, each answered so long ago. */
export async function buy(
  world: TestWorker,
  name: string,
  ages: readonly number[],
  asked: Partial<JobDescription> = {},
) {
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
