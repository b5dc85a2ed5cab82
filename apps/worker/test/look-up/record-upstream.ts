import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createUpstream } from '@linkhaul/client';
import type { LiveCall } from '@linkhaul/jobs';
import { watchProcess } from '@linkhaul/runtime';
import { upstreamTimestamp } from '@linkhaul/schemas';
import type { JobRef, PlannedTarget } from '@linkhaul/storage';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { lookUp } from '../../src/look-up/look-up.js';
import { createWorkerMetrics } from '../../src/metrics.js';
import { createStorageGate } from '../../src/storage-gate/storage-gate.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { workerEnv } from '../worker-env.js';

/** The default cost of an entry. */
const COST_USD = 0.024;
export const COST = 24_000_000;
/** The amount that is reserved for a call. */
export const RESERVE = 1;

/** An answer of `id_list`, as the vendor writes it. */
export interface Page {
  [name: string]: unknown;
  tasks: { [name: string]: unknown; result: unknown[] }[];
}

export type Entry = ReturnType<typeof entryOf>;

/** The entry of a call that was executed at once. */
export function entryOf(sent: SentAttempt) {
  const at = upstreamTimestamp(new Date(sent.sentAt));
  return {
    id: '11221000-1535-0348-0000-abc',
    url: 'https://api.dataforseo.com/v3/backlinks/bulk_backlinks/live',
    datetime_posted: at,
    datetime_done: at,
    status: '20000',
    cost: COST_USD,
    metadata: { targets: sent.targets.map(({ target }) => target), tag: sent.tag },
  };
}

const query = z.tuple([z.object({ limit: z.number(), offset: z.number() }).loose()]);

/** An upstream that has nothing but a record of calls. `bodyOf` writes each page of it. */
async function openUpstream(bodyOf: (page: Page) => unknown, entries: () => readonly unknown[]) {
  const server = createServer(async (request, response) => {
    const [{ limit, offset }] = query.parse(await json(request));
    const result = entries().slice(offset, offset + limit);
    const task = { id: 't', status_code: 20000, status_message: 'Ok.', cost: 0, result_count: result.length, result };
    const page = { version: '0.1', status_code: 20000, status_message: 'Ok.', time: '0 sec.', cost: 0, tasks: [task] };
    response.end(JSON.stringify(bodyOf(page)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return url;
}

interface Times {
  readonly lookUpAfterMs: number;
  readonly againMs: number;
  readonly maxMs: number;
  readonly policy: 'rebuy' | 'park';
}

interface OpenRecord {
  readonly services: Parameters<typeof lookUp>[0];
  /** Sets what the record has from now on, and in which form. */
  write(entries: readonly unknown[], form?: (page: Page) => unknown): void;
  lookUp(): Promise<void>;
}

/** A worker's look-ups of an upstream's record, over the real Redis and real HTTP. */
async function openRecord(testWorker: TestWorker, times: Partial<Times>): Promise<OpenRecord> {
  let written: readonly unknown[] = [];
  let bodyOf: (page: Page) => unknown = (page) => page;
  const url = await openUpstream(
    (page) => bodyOf(page),
    () => written,
  );
  const env = workerEnv({ UPSTREAM_URL: url });
  const vitals = watchProcess();
  const upstream = createUpstream(env.upstream);
  onTestFinished(async () => {
    vitals.close();
    await upstream.close();
  });
  const unknown: Times = { lookUpAfterMs: 0, againMs: 10_000, maxMs: 900_000, policy: 'rebuy', ...times };
  const services = {
    ...testWorker.services,
    env: { ...env, unknown },
    upstream,
    metrics: createWorkerMetrics(vitals, createStorageGate()),
    draining: testWorker.services.stopping,
  };
  return {
    services,
    write(entries, form = (page) => page) {
      written = entries;
      bodyOf = form;
    },
    lookUp: () => lookUp(services),
  };
}

interface LostAnswer extends OpenRecord {
  readonly testWorker: TestWorker;
  readonly job: JobRef;
  /** Sends the call and loses its answer. `by`: the worker that marks it as unknown. */
  send(by?: string): Promise<SentAttempt>;
  call(): Promise<LiveCall | null>;
  counts(): Promise<Readonly<Record<'spent' | 'wasted' | 'unconfirmed' | 'unknown' | 'failed' | 'ok', number>>>;
}

/** One call of ten rows whose answer did not arrive. */
export async function loseAnswer(times: Partial<Times> = {}): Promise<LostAnswer> {
  const testWorker = await openTestWorker();
  const targets = Array.from({ length: 10 }, (_, at): PlannedTarget => {
    return { target: `d${at}.com`, kind: 'domain', rows: [{ line: at + 1, input: '', id: null }] };
  });
  const job = await testWorker.plan([targets]);
  const record = await openRecord(testWorker, times);
  const { ledger, calls, store } = testWorker.services;
  return {
    ...record,
    testWorker,
    job,
    async send(by = 'w') {
      const [sent] = await testWorker.send(job);
      if (sent === undefined) throw new Error('the call is not to be sent');
      await ledger.markUnknown(sent, { by, lookUpAfterMs: 0 });
      // Sent a second ago, so that it is due: a grant's time may be slightly ahead.
      const sentAt = sent.sentAt - 1000;
      await testWorker.redis.hset(testWorker.keys.call(sent.job, sent.call), 'sent_at', sentAt);
      await calls.lookAgainAt(sent, 0);
      return { ...sent, sentAt };
    },
    call: () => calls.live({ job, call: 1 }),
    async counts() {
      const found = await store.get(job);
      if (found === null) throw new Error('the job has gone');
      const { spent, wasted, unconfirmed, unknown, failed, ok } = found.counts;
      return { spent, wasted, unconfirmed, unknown, failed, ok };
    },
  };
}
