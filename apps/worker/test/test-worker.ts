import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Access,
  type AccountJobs,
  attemptTag,
  createInstallation,
  createSnapshots,
  type JobDescription,
  type Jobs,
  openAccountJobs,
} from '@linkhaul/jobs';
import { createLogger, NO_TRACING, watchProcess } from '@linkhaul/runtime';
import { type JobRef, type PlannedTarget, parseStorageUrl, writePlan } from '@linkhaul/storage';
import { onTestFinished } from 'vitest';
import { acceptJob } from '../../../packages/jobs/test/accept-job.js';
import { createJobSource } from '../src/cache/job-source.js';
import type { SentAttempt } from '../src/call/sent-attempt.js';
import { createWorkerMetrics } from '../src/metrics.js';
import { createQuestions } from '../src/reuse/questions.js';
import type { Services } from '../src/services.js';
import { createStorageGate } from '../src/storage-gate/storage-gate.js';
import { openTestJobs } from './open-jobs.js';
import { REDIS_URL } from './redis.js';
import { workerEnv } from './worker-env.js';

const PLACES = 1000;
const LIMITS = { maxPerMinute: 10_000_000, maxInFlight: PLACES, leaseMs: 60_000 };

export interface TestWorker extends Access {
  /** The folder of its storage. */
  readonly folder: string;
  readonly services: Jobs &
    AccountJobs &
    Pick<
      Services,
      | 'env'
      | 'worker'
      | 'account'
      | 'storage'
      | 'snapshots'
      | 'metrics'
      | 'source'
      | 'questions'
      | 'storageGate'
      | 'stopping'
      | 'logger'
      | 'tracing'
    >;
  /** A running bulk job whose plan has these calls. */
  plan(calls: readonly (readonly PlannedTarget[])[], overrides?: Partial<JobDescription>): Promise<JobRef>;
  /** Sends every call that may be sent. */
  send(job: JobRef): Promise<SentAttempt[]>;
}

/** A worker's services over the real Redis and a storage of its own, without an upstream. */
export async function openTestWorker(): Promise<TestWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-worker-'));
  const { access, jobs, subscriber } = await openTestJobs();
  const settings = parseStorageUrl(pathToFileURL(folder).href);
  if (settings === null) throw new Error('this is no storage');
  const { redis, keys } = access;
  const storage = settings.open({ address: { kind: 'server', url: REDIS_URL }, prefix: keys.root });
  await createInstallation(access, storage, async () => undefined).settle();
  const { store, queues } = jobs;
  const account = { worker: 'w', account: 'a', host: 'upstream.test', limits: LIMITS };
  const accountJobs = openAccountJobs(access, { ...account, queues, ledger: jobs.ledger, subscriber });
  const { permits, dispatcher } = accountJobs;
  const [storageGate, vitals] = [createStorageGate(), watchProcess()];
  onTestFinished(async () => {
    vitals.close();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });
  await permits.firstBoot();
  await dispatcher.announce(PLACES);
  const services = {
    ...jobs,
    ...accountJobs,
    env: workerEnv(),
    worker: 'w',
    account: 'a',
    storage,
    snapshots: createSnapshots(access, storage),
    source: createJobSource(store, storage),
    storageGate,
    metrics: createWorkerMetrics(vitals, storageGate),
    questions: createQuestions({ ...jobs, storage }),
    stopping: new AbortController().signal,
    logger: createLogger('test', 'silent'),
    tracing: NO_TRACING,
  };

  return {
    ...access,
    services,
    folder,
    async plan(calls, overrides = {}) {
      const valid = calls.flat().reduce((rows, target) => rows + target.rows.length, 0);
      const job = await acceptJob(jobs, { valid }, overrides);
      await services.jobSteps.act(job, { action: 'plan', by: 'system' });
      const roots = await writePlan(storage, job, { calls, callsPerPart: 1 });
      await services.jobSteps.planned(job, { roots, callsPerPart: 1, manual: false });
      return job;
    },
    async send(job) {
      // A worker that is silent for a while has no places, and a test may take longer than that.
      await dispatcher.announce(PLACES);
      await dispatcher.fill();
      const planned = await services.source.job(job);
      if (planned === null) throw new Error('the job has no plan');
      const sent: SentAttempt[] = [];
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
        sent.push({
          ...at,
          tag,
          nonce,
          planned,
          targets,
          copies: null,
          pageToken: null,
          sentAt: grant.sentAt,
          failures: 0,
          unsent: 0,
          items: 1000,
        });
      }
      return sent;
    },
  };
}

const MONEY = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 1 }, tenantDaily: null };
