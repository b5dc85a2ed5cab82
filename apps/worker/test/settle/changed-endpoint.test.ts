import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUpstream, type Upstream } from '@linkhaul/client';
import type { JobRef, PlannedTarget } from '@linkhaul/storage';
import { expect, it, onTestFinished } from 'vitest';
import { actOnDecision } from '../../src/call/act-on-decision.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { askedOf, requestFor } from '../../src/call/upstream-request.js';
import { classify } from '../../src/classify/classify-reply.js';
import { pauseChangedEndpoints } from '../../src/settle/pause-changed-endpoints.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { workerEnv } from '../worker-env.js';

const CALLS = 6;

/** An upstream whose answers are paid for. While `told` says so, its items have another name than they should. */
async function startUpstream(told: { changed: boolean }): Promise<Upstream> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [task] = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const items = task.targets.map((target: string) => ({ target }));
    const result = [{ items_count: items.length, ...(told.changed ? { entries: items } : { items }) }];
    const answered = { id: task.tag, status_code: 20000, cost: 0.06, data: { tag: task.tag }, result };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status_code: 20000, tasks: [answered] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream = createUpstream(workerEnv({ UPSTREAM_URL: `http://127.0.0.1:${port}` }).upstream);
  onTestFinished(async () => {
    await upstream.close();
    server.closeAllConnections();
    server.close();
  });
  return upstream;
}

function plan(testWorker: TestWorker): Promise<JobRef> {
  const targets = (call: number): PlannedTarget[] => [
    { target: `d${call}.com`, kind: 'domain', rows: [{ line: call + 1, input: '', id: null }] },
  ];
  return testWorker.plan(Array.from({ length: CALLS }, (_, call) => targets(call)));
}

async function answer(sent: SentAttempt, upstream: Upstream, services: TestWorker['services']): Promise<void> {
  const reply = await upstream.call('bulk_backlinks', requestFor(sent), services.stopping);
  const judged = { reply, decision: classify(reply, askedOf(sent)), answeredAt: Date.now() };
  await actOnDecision(sent, judged, services);
}

const reasons = ({ services }: TestWorker, jobs: readonly JobRef[]) =>
  Promise.all(jobs.map(async (job) => (await services.store.get(job))?.reason));

const CHANGED = 'upstream_changed';

it('the worker that settles the third unreadable answer pauses all jobs of the endpoint; a readable answer resumes them', async () => {
  const told = { changed: true };
  const upstream = await startUpstream(told);
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const jobs = [await plan(testWorker), await plan(testWorker)] as const;
  const [first] = jobs;
  const [one, two, three] = await testWorker.send(first);
  if (one === undefined || two === undefined || three === undefined) throw new Error('all calls are sent');
  for (const sent of [one, two]) await answer(sent, upstream, services);
  expect(await reasons(testWorker, jobs)).toEqual([null, null]);
  await answer(three, upstream, services);
  expect(await reasons(testWorker, jobs)).toEqual([CHANGED, CHANGED]);
  expect((await services.store.get(first))?.counts).toMatchObject({ failed: 3, spent: 3 * 60_000_000 });

  told.changed = false;
  const job = jobs[1];
  await services.jobSteps.act(job, { action: 'resume', by: 'me' });
  const [trial, ...more] = await testWorker.send(job);
  expect(more).toEqual([]);
  if (trial === undefined) throw new Error('one call goes first');
  await answer(trial, upstream, services);
  expect(await testWorker.send(job)).toHaveLength(CALLS - 1);
});

it('the jobs pause too if the worker dies after it stored the third answer, or before it paused the other jobs', async () => {
  const upstream = await startUpstream({ changed: true });
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const jobs = [await plan(testWorker), await plan(testWorker)] as const;
  const [one, two, three] = await testWorker.send(jobs[0]);
  if (one === undefined || two === undefined || three === undefined) throw new Error('all calls are sent');
  for (const sent of [one, two]) await answer(sent, upstream, services);
  const killed = () => Promise.reject(new Error('killed'));
  const stopping = AbortSignal.abort();
  const storing = { ...services, stopping, ledger: { ...services.ledger, settle: killed } };
  const reply = await upstream.call('bulk_backlinks', requestFor(three), services.stopping);
  const judged = { reply, decision: classify(reply, askedOf(three)), answeredAt: Date.now() };
  expect(judged.decision.action).toBe('unreadable');
  await expect(actOnDecision(three, judged, storing)).rejects.toThrow('killed');
  const settling = { ...services, changedEndpoints: { pauseJobs: killed } };
  await expect(settleStored(three, three.planned, settling)).rejects.toThrow('killed');
  expect(await reasons(testWorker, jobs)).toEqual([CHANGED, null]);
  expect(await settleStored(three, three.planned, services)).toBe('settled');
  await pauseChangedEndpoints(services);
  expect(await reasons(testWorker, jobs)).toEqual([CHANGED, CHANGED]);
  expect((await services.store.get(jobs[0]))?.counts).toMatchObject({ failed: 3, spent: 3 * 60_000_000 });
});
