import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { whenReady } from '@linkhaul/jobs';
import type { Lifecycle } from '@linkhaul/runtime';
import type { JobRef, PlannedTarget } from '@linkhaul/storage';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openBase, startWorker } from '../../src/app.js';
import { readWorkerEnv } from '../../src/env.js';
import { REDIS_URL } from '../redis.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const OTHERS = 12;
/** Enough time for other calls of the process to arrive, if they may. */
const ROUND_TRIPS = 100;

interface Held {
  readonly target: string;
  /** The calls without an answer when it arrived. */
  readonly beside: readonly string[];
  answer(): void;
}

const tasks = z.tuple([z.object({ targets: z.tuple([z.string()]), tag: z.string() })]);

/** An upstream that answers a call only when the test says so. */
async function openHoldingUpstream() {
  const held: Held[] = [];
  const server = createServer(async (request, response) => {
    if (!request.url?.includes('bulk_backlinks')) return response.writeHead(404).end('{"status_code":40400}');
    const [task] = tasks.parse(await json(request));
    const [target] = task.targets;
    held.push({ target, beside: held.map((other) => other.target), answer: () => answer(response, task) });
    return server.emit('held');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    held,
    async first(): Promise<Held> {
      while (held.length === 0) await once(server, 'held');
      const [first] = held;
      if (first === undefined) throw new Error('nothing is held');
      return first;
    },
  };
}

function answer(response: ServerResponse, { targets, tag }: { targets: [string]; tag: string }): void {
  const items = targets.map((target) => ({ target, backlinks: 1 }));
  const task = { id: tag, status_code: 20000, cost: 0.02, data: { tag, targets }, result: [{ items_count: 1, items }] };
  response.end(JSON.stringify({ status_code: 20000, cost: 0.02, tasks: [task] }));
}

function targetOf(name: string): PlannedTarget {
  return { target: name, kind: 'domain', rows: [{ line: 1, input: '', id: null }] };
}

/** A job of one call, whose worker has died three times while it waited for the answer. */
async function planDeadly({ plan, send, services: { ledger } }: TestWorker): Promise<JobRef> {
  const job = await plan([[targetOf('deadly.com')]]);
  for (let death = 0; death < 3; death++) {
    const [sent] = await send(job);
    if (sent === undefined) throw new Error('the call is not to be sent');
    await ledger.markUnknown(sent, { by: 'another', lookUpAfterMs: 0 });
    await ledger.resolve(sent, { kind: 'not_executed', cost: 0 }, 'deaths');
  }
  return job;
}

async function runWorker(testWorker: TestWorker, url: string): Promise<void> {
  const storage = { STORAGE_URL: pathToFileURL(testWorker.folder).href, REDIS_URL, REDIS_PREFIX: testWorker.keys.root };
  const upstream = { UPSTREAM_URL: url, UPSTREAM_LOGIN: 'me', UPSTREAM_PASSWORD: 'pw', UPSTREAM_MAX_IN_FLIGHT: '6' };
  const read = readWorkerEnv({ ...storage, ...upstream });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const stop = new AbortController();
  const releases: (() => Promise<void> | void)[] = [];
  const life: Lifecycle = { stopping: stop.signal, onStop: (_, release) => releases.push(release) };
  onTestFinished(async () => {
    stop.abort();
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release();
  });
  const base = openBase({ ...testWorker.services, env: read.env }, life);
  await whenReady(base.access.redis);
  await startWorker(base, life);
}

it('runs a call alone in its process if three workers have died with it, and others before and after it', async () => {
  const testWorker = await openTestWorker();
  const { plan, redis, services } = testWorker;
  const jobs = [await planDeadly(testWorker)];
  jobs.push(await plan(Array.from({ length: OTHERS }, (_, at) => [targetOf(`d${at}.com`)])));
  const upstream = await openHoldingUpstream();
  await runWorker(testWorker, upstream.url);
  const seen: Held[] = [];
  while (seen.length < OTHERS + 1) {
    const call = await upstream.first();
    for (let trip = 0; trip < ROUND_TRIPS; trip++) await redis.ping();
    if (call.target === 'deadly.com') expect(upstream.held.map(({ target }) => target)).toEqual(['deadly.com']);
    upstream.held.splice(upstream.held.indexOf(call), 1);
    seen.push(call);
    call.answer();
  }
  expect(seen.find(({ target }) => target === 'deadly.com')?.beside).toEqual([]);
  // Other calls do run side by side; otherwise this test would prove nothing.
  expect(seen.some(({ beside }) => beside.length > 1)).toBe(true);
  for (const job of jobs) {
    await expect.poll(async () => (await services.store.get(job))?.counts.open).toBe(0);
  }
});
