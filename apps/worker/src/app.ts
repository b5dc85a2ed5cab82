import { randomBytes } from 'node:crypto';
import { createCourier, createUpstream } from '@linkhaul/client';
import {
  type Access,
  accessTo,
  type Consumer,
  connectClient,
  connectConsumer,
  connectSubscriber,
  consume,
  createInstallation,
  type Jobs,
  type Keys,
  type Message,
  openAccountJobs,
  openJobs,
  type QueueName,
  type Queues,
} from '@linkhaul/jobs';
import { type Lifecycle, type Logger, watchProcess } from '@linkhaul/runtime';
import { accountOf } from './account/account-name.js';
import { openAccount } from './account/open-account.js';
import { probeAccount } from './account/probe-outage.js';
import { readAccount } from './account/read-prices.js';
import { createJobSource } from './cache/job-source.js';
import { createCallStage } from './call/call-stage.js';
import type { WorkerEnv } from './env.js';
import { lookUp } from './look-up/look-up.js';
import { createWorkerMetrics, type WorkerMetrics } from './metrics.js';
import { plan } from './plan/plan-job.js';
import { sweepAfterChange } from './redis-loss/sweep-record.js';
import type { Services } from './services.js';
import { finish } from './settle/finish-job.js';
import { startWatching } from './storage-gate/start-watching.js';
import { createStorageGate, type StorageGate } from './storage-gate/storage-gate.js';
import { createStorageWatch } from './storage-gate/watch-storage.js';
import { startTicking } from './upkeep/every-second.js';
import { startBeating } from './upkeep/heartbeat.js';
import { reconcile } from './upkeep/reconcile.js';
import { retain } from './upkeep/retention.js';
import { createPostman } from './webhook/deliver.js';
import { startDelivering } from './webhook/start-delivering.js';

const RECONCILE_EVERY_MS = 2_000;
const LOOK_UP_EVERY_MS = 1_000;
/** How soon it is seen that a probe is due, or that an outage is over. */
const PROBE_EVERY_MS = 1_000;
/** Prices change once a year, the balance is shown with estimates. */
const READ_ACCOUNT_EVERY_MS = 60_000;
const RETAIN_EVERY_MS = 5_000;
const PLANS_AT_ONCE = 2;
const FINISHES_AT_ONCE = 4;
/** After the drain's end: long enough to note the calls in flight as unknown. */
const LAST_WORDS_MS = 5_000;

/** What a worker has before it can reach Redis, so that its health can be asked from the beginning. */
export interface Base
  extends Pick<Services, 'env' | 'logger' | 'storage' | 'installation' | 'storageGate' | 'metrics'> {
  readonly access: Access;
  readonly jobs: Jobs;
  readonly listening: Record<'subscriber' | 'consumers', ReturnType<typeof connectSubscriber>>;
}

/** Opens connections and storage. What opens here closes with the life, in reverse. */
export function openBase(env: WorkerEnv, logger: Logger, life: Lifecycle): Base {
  const client = connectClient(env.redis.url);
  const subscriber = connectSubscriber(env.redis.url);
  const consumers = connectConsumer(env.redis.url);
  life.onStop('redis', () => {
    for (const connection of [client, subscriber, consumers]) connection.disconnect();
  });
  const storage = env.storage.open(env.redis);
  life.onStop('storage', () => storage.close());
  const storageGate = createStorageGate();
  const metrics = measure(storageGate, life);
  const access = accessTo(client, env.redis.prefix);
  const jobs = openJobs(access);
  life.onStop('queues', () => jobs.queues.close());
  const installation = createInstallation(access, storage);
  const listening = { subscriber, consumers };
  return { env, logger, access, jobs, listening, storage, installation, storageGate, metrics };
}

/** Builds the worker and starts its stages. What opens here closes with the life, in reverse. */
export async function startWorker(base: Base, life: Lifecycle): Promise<Services> {
  const { env, logger, access, jobs, storage, installation, storageGate, metrics } = base;
  const { subscriber, consumers } = base.listening;
  const { store, queues } = jobs;
  const worker = `w_${randomBytes(8).toString('hex')}`;
  const upstream = createUpstream(env.upstream);
  const courier = createCourier({ stopping: life.stopping, dnsServers: env.webhookDnsServers });
  const stop = new AbortController();
  life.onStop('upstream', () => upstream.close());
  life.onStop('courier', () => courier.close());

  const account = accountOf(env.upstream);
  const draining = life.stopping;
  const whenBack = () => openAccount(services);
  const services: Services = {
    ...jobs,
    ...openAccountJobs(access, { queues, subscriber, worker, account, host: upstream.host, limits: env.limits }),
    env,
    worker,
    account,
    logger,
    storage,
    upstream,
    installation,
    storageGate,
    storageWatch: createStorageWatch({ installation, storageGate, whenBack, draining, logger }),
    metrics,
    source: createJobSource(store, storage),
    draining,
    stopping: stop.signal,
  };

  life.onStop('storage watch', await startWatching(services));
  life.onStop('heartbeat', await startBeating(services));
  const stages = startStages(services, { connection: consumers, keys: access.keys });
  const stopDelivering = startDelivering(createPostman({ ...services, courier }), services, subscriber);
  life.onStop('stages', async () => {
    await Promise.all([stopDelivering(), drain(Object.values(stages), stop, env.drainTimeoutMs)]);
  });
  await scheduleRounds(queues);
  life.onStop('ticking', await startTicking(services, stages.call));
  return services;
}

function measure(storageGate: StorageGate, life: Lifecycle): WorkerMetrics {
  const vitals = watchProcess();
  life.onStop('vitals', () => vitals.close());
  return createWorkerMetrics(vitals, storageGate);
}

async function scheduleRounds(queues: Queues): Promise<void> {
  await queues.schedule('reconcile', RECONCILE_EVERY_MS);
  await queues.schedule('look_up', LOOK_UP_EVERY_MS);
  await queues.schedule('probe', PROBE_EVERY_MS);
  await queues.schedule('account', READ_ACCOUNT_EVERY_MS);
  await queues.schedule('retention', RETAIN_EVERY_MS);
}

interface StageOptions {
  readonly connection: ReturnType<typeof connectConsumer>;
  readonly keys: Keys;
}

function startStages(services: Services, { connection, keys }: StageOptions): Readonly<Record<QueueName, Consumer>> {
  const { whenServing, ifServing } = services.storageWatch;
  const listen = <N extends QueueName>(
    name: N,
    concurrency: number,
    handle: (message: Message<N>) => Promise<void>,
  ): Consumer => {
    const onError = (err: unknown) => services.logger.error({ err, queue: name }, 'stage failed');
    return consume({ connection, keys, name, concurrency, handle, onError });
  };
  return {
    plan: listen('plan', PLANS_AT_ONCE, (job) => whenServing(() => plan(job, services))),
    call: listen('call', services.env.concurrency, createCallStage(services)),
    finish: listen('finish', FINISHES_AT_ONCE, (job) => finish(job, services)),
    reconcile: listen('reconcile', 1, () => reconcile(services)),
    look_up: listen('look_up', 1, () =>
      ifServing(async () => {
        await lookUp(services);
        await sweepAfterChange(services);
      }),
    ),
    probe: listen('probe', 1, () => ifServing(() => probeAccount(services))),
    account: listen('account', 1, () => ifServing(() => readAccount(services))),
    retention: listen('retention', 1, () => ifServing(() => retain(services))),
  };
}

/** Lets calls in flight end; after the time-out they are given up and noted as unknown. */
async function drain(stages: readonly Consumer[], stop: AbortController, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const closed = Promise.all(stages.map((stage) => stage.close()));
  const givenUp = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => setTimeout(resolve, LAST_WORDS_MS).unref());
  });
  await Promise.race([closed, givenUp]);
  clearTimeout(timer);
}
