import type { Delivery } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import type { Courier } from '../webhook/courier.js';
import { retryDelayMs } from '../webhook/schedule.js';
import { signedHeaders } from '../webhook/sign.js';

type Delivering = Pick<Services, 'deliveries' | 'queues' | 'logger' | 'env'> & { readonly courier: Courier };

const GONE = 410;

/** One attempt of a delivery. Answered with 2xx it is done; else it is due again by the schedule, until that ends. */
export async function deliver(id: string, services: Delivering): Promise<void> {
  const { deliveries, courier, logger } = services;
  const delivery = await deliveries.get(id);
  if (delivery === null || delivery.done) return;
  const secret = services.env.webhookSecret ?? (await deliveries.secretOf(delivery.tenant));
  const headers = signedHeaders({ id, body: delivery.body, secret, now: Date.now() });
  const reply = await courier.post(delivery, headers);
  logger.info({ delivery: id, tenant: delivery.tenant, attempt: delivery.attempts + 1, ...reply }, 'deliver');
  if (reply.status !== null && reply.status >= 200 && reply.status < 300)
    return deliveries.attempted(id, { state: 'delivered' });
  await again(delivery, reply.status, services);
}

async function again(delivery: Delivery, status: number | null, { deliveries, queues }: Delivering): Promise<void> {
  const attempts = delivery.attempts + 1;
  const delayMs = status === GONE ? null : retryDelayMs(attempts);
  if (delayMs === null) return deliveries.attempted(delivery.id, { state: 'failed' });
  await deliveries.attempted(delivery.id, { state: 'pending', dueAt: Date.now() + delayMs });
  await queues.add('deliver', { id: delivery.id, attempts }, delayMs);
}
