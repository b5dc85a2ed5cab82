import type { Courier, ReceiverReply } from '@linkhaul/client';
import { type Delivery, isoTime, type Message } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { retryDelayMs } from '../webhook/schedule.js';

type Delivering = Pick<Services, 'deliveries' | 'webhooks' | 'queues' | 'logger' | 'env' | 'metrics'> & {
  readonly courier: Courier;
};

type Deliver = (message: Message<'deliver'>) => Promise<void>;

const GONE = 410;
/** Of one tenant at once: its receivers may take 15 s each, and must not hold up those of others. */
const MOST_A_TENANT = 20;
const POSTPONED_MS = 1_000;

/** One attempt of a delivery. Answered with 2xx it is done; else it is due again by the schedule, until that ends. */
export function createDeliverStage(services: Delivering): Deliver {
  const open = new Map<string, number>();
  return async ({ id, turn }) => {
    const { deliveries } = services;
    const delivery = await deliveries.get(id);
    if (delivery === null || delivery.state !== 'pending' || delivery.turn !== turn) return;
    const now = await deliveries.now();
    const { tenant } = delivery.at;
    const others = open.get(tenant) ?? 0;
    // Reconciliation adds it again when it is due.
    if (others >= MOST_A_TENANT) return deliveries.postpone(id, now + POSTPONED_MS);
    open.set(tenant, others + 1);
    try {
      await attempt(delivery, now, services);
    } finally {
      const left = (open.get(tenant) ?? 1) - 1;
      if (left === 0) open.delete(tenant);
      else open.set(tenant, left);
    }
  };
}

async function attempt(delivery: Delivery, now: number, services: Delivering): Promise<void> {
  const { deliveries, webhooks, courier, logger, env, queues, metrics } = services;
  const { id, url, allowPrivate, turn } = delivery;
  const { tenant } = delivery.at;
  const at = isoTime(now);
  const secrets = await webhooks.signingSecrets(tenant, env.webhookSecret);
  const reply = await courier.post({ id, url, allowPrivate, body: delivery.body ?? '', at: now }, secrets);
  const { status, error, duration_ms } = reply;
  logger.info({ delivery: id, tenant, attempt: turn + 1, status, error, duration_ms }, 'deliver');
  const delayMs = isDelivered(reply) || status === GONE ? null : retryDelayMs(turn + 1);
  const outcome = isDelivered(reply) ? 'delivered' : 'failed';
  metrics.posted(delayMs === null ? outcome : 'retried');
  if (delayMs === null) return deliveries.attempted(id, { at, ...reply }, { state: outcome });
  await deliveries.attempted(id, { at, ...reply }, { state: 'pending', dueAt: now + duration_ms + delayMs });
  await queues.add('deliver', { id, turn: turn + 1 }, delayMs);
}

function isDelivered({ status }: ReceiverReply): boolean {
  return status !== null && status >= 200 && status < 300;
}
