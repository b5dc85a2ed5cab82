import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createCourier, createUpstream } from '@linkhaul/client';
import {
  type Access,
  accessTo,
  type CaughtUp,
  connectClient,
  connectConsumer,
  connectSubscriber,
  createCatchUp,
  createInstallation,
  createSnapshots,
  type Jobs,
  openAccountJobs,
  openJobs,
} from '@linkhaul/jobs';
import { type Lifecycle, watchProcess } from '@linkhaul/runtime';
import { accountName } from './account/account-name.js';
import { openAccount } from './account/open-account.js';
import { createJobSource } from './cache/job-source.js';
import { createWorkerMetrics, type WorkerMetrics } from './metrics.js';
import { createQuestions } from './reuse/questions.js';
import type { Services } from './services.js';
import { drainStages, scheduleRounds, startStages } from './stages.js';
import { createStorageGate, type StorageGate } from './storage-gate/storage-gate.js';
import { createStorageWatch, startWatchingStorage } from './storage-gate/watch-storage.js';
import { startHeartbeat } from './upkeep/heartbeat.js';
import { startTicking } from './upkeep/worker-tick.js';
import { createDeliverer } from './webhook/deliver.js';
import { startDelivering } from './webhook/start-delivering.js';

/** The parts of a worker that need no Redis, so that its health can be queried from the start. */
export interface Base
  extends Pick<
    Services,
    'env' | 'logger' | 'tracing' | 'storage' | 'snapshots' | 'installation' | 'storageGate' | 'metrics'
  > {
  readonly access: Access;
  readonly jobs: Jobs;
  readonly listening: Record<'subscriber' | 'consumers', ReturnType<typeof connectSubscriber>>;
}

/** Opens connections and storage. They are closed at the end of the process's life, in reverse order. */
export function openBase(given: Pick<Services, 'env' | 'logger' | 'tracing'>, life: Lifecycle): Base {
  const { env } = given;
  const client = connectClient(env.redis);
  const subscriber = connectSubscriber(env.redis);
  const consumers = connectConsumer(env.redis);
  life.onStop('redis', () => {
    for (const connection of [client, subscriber, consumers]) connection.disconnect();
  });
  const storage = env.storage.open(env.redis);
  life.onStop('storage', () => storage.close());
  const storageGate = createStorageGate();
  const metrics = measure(storageGate, life);
  const access = accessTo(client, env.redis.prefix, env.timing);
  const jobs = openJobs(access);
  life.onStop('queues', () => jobs.queues.close());
  const keptIn = env.storage.kind === 'redis' ? null : storage;
  const say = (done: CaughtUp) => given.logger.warn(done, 'Redis had lost its last writes: restored from storage');
  const catchUp = createCatchUp({ settings: env.redis, timing: env.timing, storage: keptIn, say });
  const installation = createInstallation(access, storage, catchUp);
  const snapshots = createSnapshots(access, keptIn);
  const listening = { subscriber, consumers };
  return { ...given, access, jobs, listening, storage, snapshots, installation, storageGate, metrics };
}

/** Builds the worker and starts its stages. They are stopped at the end of the process's life, in reverse order. */
export async function startWorker(base: Base, life: Lifecycle): Promise<Services> {
  const { subscriber, consumers } = base.listening;
  const courier = createCourier({ stopping: life.stopping, dnsServers: base.env.webhookDnsServers });
  life.onStop('courier', () => courier.close());
  const stop = new AbortController();
  const services = buildServices(base, life, stop.signal);

  life.onStop('storage watch', await startWatchingStorage(services));
  life.onStop('heartbeat', await startHeartbeat(services));
  const stages = startStages(services, { ...base.access, connection: consumers });
  const stopDelivering = startDelivering(createDeliverer({ ...services, courier }), services, subscriber);
  life.onStop('stages', async () => {
    await Promise.all([stopDelivering(), drainStages(Object.values(stages), stop, base.env.drainTimeoutMs)]);
  });
  await services.snapshots.markMissing();
  life.onStop('ticking', await startTicking(services, stages.call));
  return services;
}

/** `stopping` is aborted when the drain has run out of time. */
function buildServices(base: Base, life: Lifecycle, stopping: AbortSignal): Services {
  const { env, logger, tracing, access, jobs, storage, snapshots, installation, storageGate, metrics } = base;
  const { store, queues, ledger } = jobs;
  const { subscriber } = base.listening;
  const worker = newWorkerName();
  const upstream = createUpstream(env.upstream);
  life.onStop('upstream', () => upstream.close());
  const account = accountName(env.upstream);
  const draining = life.stopping;
  const whenBack = async () => {
    await openAccount(services);
    // Redis keeps the schedules, so they are made at every start and again after Redis has lost its data.
    await scheduleRounds(queues);
  };
  const services: Services = {
    ...jobs,
    ...openAccountJobs(access, {
      queues,
      ledger,
      subscriber,
      worker,
      account,
      host: upstream.host,
      limits: env.limits,
    }),
    env,
    worker,
    account,
    logger,
    tracing,
    storage,
    upstream,
    installation,
    snapshots,
    storageGate,
    storageWatch: createStorageWatch({ installation, storageGate, whenBack, draining, logger }),
    metrics,
    source: createJobSource(store, storage),
    questions: createQuestions({ ...jobs, storage }),
    draining,
    stopping,
  };
  return services;
}

function measure(storageGate: StorageGate, life: Lifecycle): WorkerMetrics {
  const vitals = watchProcess();
  life.onStop('vitals', () => vitals.close());
  return createWorkerMetrics(vitals, storageGate);
}

/** A unique name for this process. It begins with the machine's name, for people. */
function newWorkerName(): string {
  const machine = hostname()
    .replace(/[^\w-]/g, '-')
    .slice(0, 32);
  return `w_${machine}_${randomBytes(6).toString('hex')}`;
}
