import { type Courier, createFairShare, type ReceiverReply } from '@linkhaul/client';
import { type Delivery, isoTime } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { retryDelayMs } from './retry-schedule.js';
import { messageOf } from './task-hooks.js';

type DeliveryServices = Pick<
  Services,
  | 'deliveries'
  | 'webhooks'
  | 'logger'
  | 'env'
  | 'metrics'
  | 'store'
  | 'taskIndex'
  | 'tracing'
  | 'calls'
  | 'ledger'
  | 'queues'
  | 'storage'
> & {
  readonly courier: Courier;
};

/** Sends due deliveries. Each tenant has its share of open requests, so that its slow receivers hold up no other tenant. */
export interface Deliverer {
  /** Takes deliveries that are due, as far as the share allows, and starts to send them. */
  take(): Promise<void>;
  /** Tells Redis that the deliveries in progress are still being sent. */
  holdOpen(): Promise<void>;
  /** Takes no more deliveries, and waits for those in progress: they end soon once the process stops. */
  close(): Promise<void>;
}

const GONE = 410;

export function createDeliverer(services: DeliveryServices): Deliverer {
  const { deliveries, logger } = services;
  const { deliveryMs } = services.env.timing;
  const share = createFairShare();
  const inProgress = new Map<Delivery, Promise<void>>();
  let taking: Promise<void> | null = null;
  let calledAgain = false;
  let closed = false;

  const begin = (delivery: DueDelivery) => {
    const release = share.take(delivery.at.tenant);
    const ended = traced(delivery, services)
      .finally(() => inProgress.delete(delivery))
      .then((end) => (end === 'cut_off' ? deliveries.hold(delivery.at.tenant, [delivery], 0) : undefined))
      .catch((err: unknown) =>
        logger.warn({ err, delivery: delivery.id }, 'could not finish a delivery: it is tried again'),
      )
      .finally(() => {
        release();
        return take();
      });
    inProgress.set(delivery, ended);
  };
  const beginIfDue = async (id: string) => {
    const delivery = await deliveries.get(id);
    if (delivery === null) logger.warn({ delivery: id }, 'delivery not sent: its record cannot be read');
    else if (isDue(delivery)) begin(delivery);
  };
  const takeAll = async () => {
    do {
      calledAgain = false;
      const ids = await deliveries.take(share.rooms(), deliveryMs);
      if (ids.length > 0) calledAgain = true;
      await Promise.all(ids.map(beginIfDue));
    } while (calledAgain && !closed);
  };
  const take = (): Promise<void> => {
    if (closed) return Promise.resolve();
    calledAgain = true;
    taking ??= takeAll()
      .catch((err: unknown) => logger.warn({ err }, 'could not take deliveries'))
      .finally(() => {
        taking = null;
      });
    return taking;
  };
  return {
    take,
    async holdOpen() {
      const byTenant = new Map<string, Delivery[]>();
      for (const delivery of inProgress.keys()) {
        const { tenant } = delivery.at;
        byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), delivery]);
      }
      await Promise.all([...byTenant].map(([tenant, taken]) => deliveries.hold(tenant, taken, deliveryMs)));
    },
    async close() {
      closed = true;
      await taking;
      await Promise.all(inProgress.values());
    },
  };
}

/** A delivery may have ended since it was taken, by a worker that was believed dead. */
function isDue(delivery: Delivery): delivery is DueDelivery {
  return delivery.state === 'pending' && delivery.body !== null;
}

interface DueDelivery extends Delivery {
  readonly body: string;
}

/** An attempt, as a step of its job's trace. */
async function traced(delivery: DueDelivery, services: DeliveryServices): Promise<'ended' | 'cut_off'> {
  const { tracing, store } = services;
  const { at, job, event, round } = delivery;
  if (!tracing.isOn || job === null) return attempt(delivery, services);
  const record = await store.get({ tenant: at.tenant, id: job });
  const facts = { 'linkhaul.job': job, 'linkhaul.event': event, 'linkhaul.attempt': round + 1 };
  return tracing.follow(record?.description.trace, { name: 'deliver', facts }, () => attempt(delivery, services));
}

/**
 * One attempt of a delivery. 2xx means delivered; otherwise it is due again by the schedule, until that ends. An attempt
 * that is cut off because the process stops does not count: the receiver did not get its full time.
 */
async function attempt(delivery: DueDelivery, services: DeliveryServices): Promise<'ended' | 'cut_off'> {
  const { deliveries, webhooks, courier, logger, env, metrics, taskIndex } = services;
  const { id, url, allowPrivate, round } = delivery;
  const { tenant } = delivery.at;
  const now = await deliveries.now();
  const secrets = await webhooks.signingSecrets(tenant, env.webhookSecret);
  const message = await messageOf(delivery, services);
  if (message === null) {
    logger.warn({ delivery: id, tenant }, 'delivery given up: its job, or the answer that it was to post, is gone');
    const nothing = { status: null, error: 'no_address', duration_ms: 0, answer: null } as const;
    await deliveries.attempted(id, { round, at: isoTime(now), ...nothing }, { state: 'failed' });
    return 'ended';
  }
  const { task, ...sent } = message;
  const reply = await courier.post({ id, url, allowPrivate, at: now, ...sent }, secrets);
  if (reply === null) {
    logger.info({ delivery: id, tenant }, 'delivery cut off because the worker stops: another worker sends it');
    return 'cut_off';
  }
  const { status, error, duration_ms } = reply;
  logger.info({ delivery: id, tenant, attempt: round + 1, status, error, duration_ms }, 'deliver');
  const outcome = isDelivered(reply) ? 'delivered' : 'failed';
  const delayMs = outcome === 'delivered' || status === GONE ? null : retryDelayMs(round + 1);
  metrics.posted(delayMs === null ? outcome : 'retried');
  if (outcome === 'delivered' && task !== undefined) await taskIndex.collect(task.job, task);
  const ended = { round, at: isoTime(now), ...reply };
  if (delayMs === null) await deliveries.attempted(id, ended, { state: outcome });
  else await deliveries.attempted(id, ended, { state: 'pending', dueAt: now + duration_ms + delayMs });
  return 'ended';
}

function isDelivered({ status }: ReceiverReply): boolean {
  return status !== null && status >= 200 && status < 300;
}
