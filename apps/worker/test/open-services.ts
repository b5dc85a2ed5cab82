import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  attemptTag,
  connectClient,
  connectSubscriber,
  createCalls,
  createChangedEndpoints,
  createDispatcher,
  createInstallation,
  createJobStore,
  createLedger,
  createPermits,
  createQueues,
  createRemovals,
  createTroubles,
  createUnpricedCalls,
  createUploads,
  type JobDescription,
  type Keys,
  keysOf,
  newJobId,
  scriptsOn,
  whenReady,
} from '@linkhaul/jobs';
import { createLogger } from '@linkhaul/runtime';
import { type JobRef, type PlannedTarget, parseStorageUrl, writePlan } from '@linkhaul/storage';
import { onTestFinished } from 'vitest';
import { createJobSource } from '../src/cache/job-source.js';
import type { SentCall } from '../src/call/sent-attempt.js';
import type { Services } from '../src/services.js';
import { createStorageGate } from '../src/storage-gate/storage-gate.js';
import { DESCRIPTION } from './job-description.js';
import { REDIS_URL } from './redis.js';

const PLACES = 1000;
const LIMITS = { maxPerMinute: 10_000_000, maxInFlight: PLACES, leaseMs: 60_000 };

export interface Parts {
  readonly redis: ReturnType<typeof connectClient>;
  readonly keys: Keys;
  /** Of its storage, on disk. */
  readonly folder: string;
  readonly services: Pick<
    Services,
    | 'worker'
    | 'account'
    | 'storage'
    | 'store'
    | 'queues'
    | 'dispatcher'
    | 'source'
    | 'ledger'
    | 'changedEndpoints'
    | 'removals'
    | 'calls'
    | 'unpriced'
    | 'troubles'
    | 'permits'
    | 'storageGate'
    | 'stopping'
    | 'logger'
  >;
  /** A running bulk job whose plan has these calls. */
  plan(calls: readonly (readonly PlannedTarget[])[], overrides?: Partial<JobDescription>): Promise<JobRef>;
  /** Sends every call that may be sent. */
  send(job: JobRef): Promise<SentCall[]>;
}

/** The parts of a worker over the real Redis and a storage of its own, without an upstream. */
export async function openParts(): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-worker-'));
  const keys = keysOf(`test-${randomUUID()}`);
  const [redis, subscriber] = [connectClient(REDIS_URL), connectSubscriber(REDIS_URL)];
  await whenReady(redis);
  const settings = parseStorageUrl(pathToFileURL(folder).href);
  if (settings === null) throw new Error('this is no storage');
  const storage = settings.open({ url: REDIS_URL, prefix: keys.root });
  await createInstallation(redis, keys, storage).settle();
  const run = scriptsOn(redis, keys.root);
  const queues = createQueues(redis, keys);
  onTestFinished(async () => {
    await queues.close();
    for (const left of await redis.keys(`${keys.root}:*`)) await redis.unlink(left);
    for (const connection of [redis, subscriber]) connection.disconnect();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });
  const store = createJobStore(redis, keys);
  const permits = createPermits({ redis, subscriber, run, keys, account: 'a', worker: 'w', limits: LIMITS });
  await permits.firstBoot();
  const dispatcher = createDispatcher({ redis, run, keys, queues, worker: 'w', maxInFlight: PLACES });
  await dispatcher.announce(PLACES);
  const services = {
    worker: 'w',
    account: 'a',
    storage,
    store,
    queues,
    dispatcher,
    source: createJobSource(store, storage),
    ledger: createLedger(run),
    changedEndpoints: createChangedEndpoints(redis, keys, run),
    removals: createRemovals(redis, keys),
    calls: createCalls(redis, keys),
    unpriced: createUnpricedCalls(redis, run, keys),
    troubles: createTroubles(redis, keys),
    permits,
    storageGate: createStorageGate(),
    stopping: new AbortController().signal,
    logger: createLogger('test', 'silent'),
  };

  return {
    services,
    redis,
    keys,
    folder,
    async plan(calls, overrides = {}) {
      const job = { tenant: 'tenant', id: overrides.id ?? newJobId(Date.now()) };
      const valid = calls.flat().reduce((rows, target) => rows + target.rows.length, 0);
      await createUploads(redis, keys).begin(job);
      await store.accept({
        description: { ...DESCRIPTION, ...job, createdAt: Date.now(), ...overrides },
        by: 'tenant',
        counts: { valid, invalid: 0, duplicates: 0, estimatedNanos: 0 },
        bounds: { maxCost: null, deadline: null },
      });
      await services.ledger.act(job, { action: 'plan', by: 'system' });
      const roots = await writePlan(storage, job, { calls, callsPerPart: 1 });
      await services.ledger.planned(job, { roots, callsPerPart: 1, manual: false });
      return job;
    },
    async send(job) {
      // A worker that has not been heard of for a while has no places, and tests may take longer than that.
      await dispatcher.announce(PLACES);
      await dispatcher.fill();
      const planned = await services.source.job(job);
      if (planned === null) throw new Error('the job has no plan');
      const sent: SentCall[] = [];
      for (const call of (await redis.smembers(keys.live(job))).map(Number)) {
        const [state, before, dispatch] = await redis.hmget(keys.call(job, call), 'state', 'attempt', 'dispatch');
        if (state !== 'planned' || dispatch === null) continue;
        const at = { job, call, attempt: Number(before) + 1, dispatch: Number(dispatch) };
        const targets = await services.source.targets(job, planned.plan, call);
        const rows = targets.reduce((sum, target) => sum + target.rows.length, 0);
        const grant = await permits.grant({ ...at, rows, money: MONEY }, services.stopping);
        if (!grant.granted) continue;
        const { nonce } = grant;
        const tag = attemptTag({ jobId: job.id, call, attempt: at.attempt, nonce });
        sent.push({ ...at, tag, nonce, planned, targets, sentAt: grant.sentAt, failures: 0, unsent: 0, items: 1000 });
      }
      return sent;
    },
  };
}

const MONEY = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 1 }, tenantDaily: null };
