import { type Delivery, isoTime } from '@linkhaul/jobs';
import type { DeliveryView } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import type { Services } from '../../services.js';

const DELIVERY_ID = /^evt_\d{1,15}_\d{1,10}_[0-9a-f]{12}$/;

/** Whether a text can be a delivery's id. Any other text must not become part of a Redis key. */
export function isDeliveryId(text: string): boolean {
  return DELIVERY_ID.test(text);
}

/** The path of a delivery. */
export const ofDelivery = z.object({ id: z.string().describe("The event's id.") });

/** A tenant's delivery. Another tenant's is not found, like one that never existed. */
export async function findDelivery(tenant: string, id: string, { deliveries }: Services): Promise<Delivery> {
  const delivery = isDeliveryId(id) ? await deliveries.get(id) : null;
  if (delivery === null || delivery.at.tenant !== tenant) throw noDelivery(id);
  return delivery;
}

export function noDelivery(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no delivery ${id}.`);
}

export async function deliveryView(delivery: Delivery, { deliveries }: Services): Promise<DeliveryView> {
  const { id, event, job, url, state, createdAt, dueAt } = delivery;
  return {
    id,
    event,
    job,
    url,
    status: state,
    created_at: isoTime(createdAt),
    next_attempt_at: dueAt === null ? null : isoTime(dueAt),
    attempts: await deliveries.attemptsOf(id),
  };
}
