import {
  type Consumer,
  type connectConsumer,
  consume,
  type Keys,
  type Message,
  type QueueName,
  type Queues,
  type Timing,
} from '@linkhaul/jobs';
import type { JobRef, NewerFormat } from '@linkhaul/storage';
import { probeOutage } from './account/probe-outage.js';
import { readPrices } from './account/read-prices.js';
import { createCallStage } from './call/call-stage.js';
import { leaveCall } from './call/take-up-call.js';
import { lookUp } from './look-up/look-up.js';
import { planJob } from './plan/plan-job.js';
import { recover } from './recover/recover.js';
import { sweepRecord } from './redis-loss/sweep-record.js';
import type { Services } from './services.js';
import { finishJob } from './settle/finish-job.js';
import { keepSnapshots } from './upkeep/keep-snapshots.js';
import { reconcile } from './upkeep/reconcile.js';
import { removeExpired } from './upkeep/retention.js';
import { finishRun } from './watch/finish-run.js';
import { runWatches } from './watch/run-watches.js';

const RECONCILE_EVERY_MS = 2_000;
const LOOK_UP_EVERY_MS = 1_000;
/** How soon a worker notices that a probe is due, or that an outage is over. */
const PROBE_EVERY_MS = 1_000;
/** Prices change about once a year, but the balance is shown with every estimate. */
const READ_PRICES_EVERY_MS = 60_000;
const RETENTION_EVERY_MS = 5_000;
const SNAPSHOTS_EVERY_MS = 5_000;
const WATCHES_EVERY_MS = 1_000;
const PLANS_AT_ONCE = 2;
const FINISHES_AT_ONCE = 4;
/** After the drain has run out of time: long enough to mark the calls in flight as unknown. */
const MARK_UNKNOWN_WITHIN_MS = 5_000;

/** Schedules the recurring rounds. Each round is run by one of all workers. */
export async function scheduleRounds(queues: Queues): Promise<void> {
  await queues.schedule('reconcile', RECONCILE_EVERY_MS);
  await queues.schedule('look_up', LOOK_UP_EVERY_MS);
  await queues.schedule('probe', PROBE_EVERY_MS);
  await queues.schedule('account', READ_PRICES_EVERY_MS);
  await queues.schedule('retention', RETENTION_EVERY_MS);
  await queues.schedule('snapshots', SNAPSHOTS_EVERY_MS);
  await queues.schedule('watches', WATCHES_EVERY_MS);
}

interface StageOptions {
  readonly connection: ReturnType<typeof connectConsumer>;
  readonly keys: Keys;
  readonly timing: Timing;
}

/** Takes messages from every queue except `files`, which API processes take. This table says which function handles which queue. */
export function startStages(
  services: Services,
  { connection, keys, timing }: StageOptions,
): Readonly<Record<Exclude<QueueName, 'files'>, Consumer>> {
  const { whenServing, ifServing } = services.storageWatch;
  const listen = <N extends QueueName>(
    name: N,
    concurrency: number,
    handle: (message: Message<N>) => Promise<void>,
    onNewer: Parameters<typeof consume<N>>[0]['onNewer'] = waitForNewer,
  ): Consumer => {
    const onError = (err: unknown) => services.logger.error({ err, queue: name }, 'stage failed');
    return consume({ connection, keys, timing, name, concurrency, handle, onError, onNewer });
  };
  const waitForNewer = async (err: NewerFormat) => {
    services.logger.warn({ err }, 'a message waits for a newer version');
    return false;
  };
  const leaveToNewer = async (err: NewerFormat, message: Message<'call'> | null) => {
    if (message === null) return waitForNewer(err);
    await leaveCall(message, err, services);
    return true;
  };
  const takenUp = async (job: JobRef, work: () => Promise<void>) => {
    await services.store.takeUp(job);
    await work();
  };
  return {
    plan: listen('plan', PLANS_AT_ONCE, (job) => takenUp(job, () => whenServing(() => planJob(job, services)))),
    call: listen('call', services.env.concurrency, createCallStage(services), leaveToNewer),
    finish: listen('finish', FINISHES_AT_ONCE, (job) => takenUp(job, () => finishJob(job, services))),
    reconcile: listen('reconcile', 1, () => reconcile(services)),
    look_up: listen('look_up', 1, () =>
      ifServing(async () => {
        await lookUp(services);
        await sweepRecord(services);
      }),
    ),
    probe: listen('probe', 1, () => ifServing(() => probeOutage(services))),
    account: listen('account', 1, () => ifServing(() => readPrices(services))),
    retention: listen('retention', 1, () => ifServing(() => removeExpired(services))),
    snapshots: listen('snapshots', 1, () => ifServing(() => keepSnapshots(services))),
    compare: listen('compare', 1, (watch) => whenServing(() => finishRun(watch, services))),
    watches: listen('watches', 1, () => ifServing(() => runWatches(services))),
    // Not limited to times when storage serves: recovery is what ends the time in which it does not.
    recover: listen('recover', 1, () => recover(services)),
  };
}

/** Waits for the calls in flight. After the time-out it aborts `stop`, which marks them as unknown. */
export async function drainStages(
  stages: readonly Consumer[],
  stop: AbortController,
  timeoutMs: number,
): Promise<void> {
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const closed = Promise.all(stages.map((stage) => stage.close()));
  const givenUp = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => setTimeout(resolve, MARK_UNKNOWN_WITHIN_MS).unref());
  });
  await Promise.race([closed, givenUp]);
  clearTimeout(timer);
}
