import type { Delivery } from '@linkhaul/jobs';
import { readTaskResult } from '@linkhaul/results';
import { type JobRef, keepTasks, type PostedTask } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { actOnDecision } from '../../src/call/act-on-decision.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { planJob } from '../../src/plan/plan-job.js';
import { finishJob } from '../../src/settle/finish-job.js';
import { createAnnouncer } from '../../src/webhook/announce-events.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

type Services = TestWorker['services'];

const REFUSED = { status_code: 40501, status_message: "Invalid Field: 'targets'.", cost: 0, result: null };

/** Answers a call, which is split if it has a bad target, as long as it has others. */
async function answer(sent: SentAttempt, bad: ReadonlySet<string>, services: Services): Promise<void> {
  const items = sent.targets.map(({ target }) => ({ target }));
  const whole = { status_code: 20000, status_message: 'Ok.', cost: 0.024, result: [{ items }] };
  const said = sent.targets.some(({ target }) => bad.has(target)) ? REFUSED : whole;
  const json = { status_code: 20000, tasks: [{ id: 't', data: { tag: sent.tag }, ...said }] };
  await actOnDecision(sent, judgedAnswer(sent, json), services);
}

/** Tasks of these numbers of rows, which ask to be told. */
function tasksOf(sizes: readonly number[]): PostedTask[] {
  let firstLine = 1;
  return sizes.map((rows, number) => {
    const hooks =
      number % 3 === 2 ? {} : { pingback_url: 'http://127.0.0.1:1/$id', postback_url: 'http://127.0.0.1:1' };
    const task = { firstLine, rows, data: hooks };
    firstLine += rows;
    return task;
  });
}

/** Services whose process dies after it has made deliveries. */
function dying(services: Services): Services {
  const told = () => Promise.reject(new Error('killed'));
  return { ...services, hooksDue: { ...services.hooksDue, told } };
}

/** What was told of which tasks, such as `1 task.pingback`; each once. */
async function toldOf(job: JobRef, { deliveries }: Services): Promise<string[]> {
  const found = await deliveries.list(job.tenant, { job: job.id, after: null, limit: 100 });
  const told = found.deliveries.map(({ body, event }: Delivery) => `${body} ${event}`).sort();
  expect(new Set(told).size).toBe(told.length);
  return told;
}

/** The same of the tasks that `task_get` would answer. */
async function ready(job: JobRef, tasks: readonly PostedTask[], services: Services): Promise<string[]> {
  const record = (await services.store.get(job)) ?? expect.fail('no job');
  const found: string[] = [];
  for (const [number, task] of tasks.entries()) {
    if (task.data.pingback_url === undefined || (await readTaskResult(record, task, services)) === null) continue;
    found.push(`${number} task.pingback`, `${number} task.postback`);
  }
  return found.sort();
}

async function startTasks({ plan, services }: TestWorker, calls: readonly number[], tasks: readonly PostedTask[]) {
  let line = 0;
  const targets = calls.map((size) => {
    const names = Array.from({ length: size }, (_, at) => `d${line + at + 1}.com`);
    const planned = targetsNamed(names, line + 1);
    line += size;
    return planned;
  });
  const ofJob = { kind: 'standard', count: tasks.length, hooked: true, allowPrivate: true } as const;
  const job = await plan(targets, { tasks: ofJob, upstreamHost: 'upstream.test' });
  await keepTasks(services.storage, job, tasks);
  return job;
}

it('tells of each task once, as soon as it is ready, whichever worker dies', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const scenario = fc.record({
    calls: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    cuts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }),
    bad: fc.array(fc.nat(15), { maxLength: 2 }),
    order: fc.infiniteStream(fc.nat(15)),
    deaths: fc.infiniteStream(fc.boolean()),
    cancelAfter: fc.option(fc.nat(4), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ calls, cuts, bad: lines, order, deaths, cancelAfter }) => {
      const tasks = tasksOf(
        partsOf(
          calls.reduce((sum, size) => sum + size),
          cuts,
        ),
      );
      const job = await startTasks(testWorker, calls, tasks);
      const bad = new Set(lines.map((line) => `d${line + 1}.com`));
      const announce = async () => {
        if (deaths.next().value) await createAnnouncer(dying(services))();
        await createAnnouncer(services)();
        expect(await toldOf(job, services)).toEqual(await ready(job, tasks, services));
      };
      const sent: SentAttempt[] = [];
      for (let answered = 0; ; answered++) {
        sent.push(...(await testWorker.send(job)));
        if (answered === cancelAfter) await services.jobSteps.act(job, { action: 'cancel', by: 'user' });
        const [next] = sent.splice(order.next().value % Math.max(sent.length, 1), 1);
        if (next === undefined) break;
        await answer(next, bad, services);
        await announce();
      }
      await finishJob(job, services);
      await announce();
      expect(await testWorker.redis.zcard(testWorker.keys.hooksDue)).toBe(0);
    }),
    { numRuns: tries(15) },
  );
});

it('tells again of the tasks that a retry runs again', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await startTasks(testWorker, [1, 1], tasksOf([1, 1]));
  const answerAll = async (bad: string[]) => {
    for (const sent of await testWorker.send(job)) await answer(sent, new Set(bad), services);
    await finishJob(job, services);
  };
  await answerAll(['d2.com']);
  const first = await toldOf(job, services);
  expect(first).toHaveLength(4);
  const choice = { statuses: ['failed'], codes: null, retryableOnly: false, buy: false } as const;
  expect(await services.jobSteps.retry(job, { by: 'user', choice })).toMatchObject({ result: 'done' });
  await createAnnouncer(services)();
  await planJob(job, services);
  await answerAll([]);
  const found = await services.deliveries.list(job.tenant, { job: job.id, after: null, limit: 100 });
  const again = found.deliveries.slice(first.length).map(({ body, event }) => `${body} ${event}`);
  expect(again.sort()).toEqual(['1 task.pingback', '1 task.postback']);
});

/** A number in parts of these sizes, and the rest. */
function partsOf(whole: number, sizes: readonly number[]): number[] {
  const parts: number[] = [];
  for (const size of [...sizes, whole]) {
    const left = whole - parts.reduce((sum, part) => sum + part, 0);
    if (left > 0) parts.push(Math.min(size, left));
  }
  return parts;
}
