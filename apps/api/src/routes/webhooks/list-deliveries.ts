import type { Delivery } from '@linkhaul/jobs';
import { DELIVERY_STATES, type DeliveryState, deliveriesPage, deliveryState } from '@linkhaul/schemas';
import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import type { Services } from '../../services.js';
import { EXAMPLE_JOB } from '../examples.js';
import { jobRef } from '../jobs/find-job.js';
import { paging } from '../parameters.js';
import { deliveryView, isDeliveryId } from './deliveries.js';

/** Deliveries read for one page at most: a filter that few match must not read all of them. */
const MOST_SCANNED = 5_000;
const BATCH = 200;

export const listDeliveries = defineRoute({
  method: 'get',
  path: '/v1/deliveries',
  id: 'listDeliveries',
  summary: 'List deliveries with their attempts',
  description:
    'Newest first, or those of one job in the order of its events. A page may be short while `next_cursor` is not null: the filter goes on behind it.',
  access: 'tenant',
  scope: 'read',
  request: z.object({
    query: z.object({
      job: z.string().optional().describe('Only those of this job.'),
      status: z.array(deliveryState).optional(),
      ...paging,
    }),
  }),
  answers: { 200: { description: 'A page of deliveries.', contents: { 'application/json': deliveriesPage } } },
  problems: ['not_found'],
  examples: [
    { title: "A job's", given: 'delivery', query: { job: EXAMPLE_JOB }, status: 200 },
    {
      title: 'Those that are not delivered',
      given: 'delivery',
      query: { status: 'pending,failed' },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { query: { job: jobId, status: statuses = DELIVERY_STATES, limit, cursor } }) => {
      const tenant = c.get('tenant');
      const job = jobId === undefined ? null : jobRef(tenant, jobId).id;
      const page = await pageOf(tenant, { job, statuses, limit, after: placeAfter(cursor) }, services);
      const views = page.deliveries.map((delivery) => deliveryView(delivery, services));
      return c.json({ deliveries: await Promise.all(views), next_cursor: page.next });
    },
});

interface PageFilter {
  readonly job: string | null;
  readonly statuses: readonly DeliveryState[];
  readonly after: string | null;
  readonly limit: number;
}

/** A page may have fewer deliveries than the limit while `next` is not null: the filter continues there. */
async function pageOf(tenant: string, { job, statuses, after, limit }: PageFilter, { deliveries }: Services) {
  const found: Delivery[] = [];
  let next = after;
  for (let scanned = 0; scanned < MOST_SCANNED && found.length < limit; scanned += BATCH) {
    const page = await deliveries.list(tenant, { job, after: next, limit: BATCH });
    const matching = page.deliveries.filter(({ state }) => statuses.includes(state));
    const taken = matching.slice(0, limit - found.length);
    found.push(...taken);
    next = taken.length < matching.length ? (taken.at(-1)?.id ?? null) : page.next;
    if (next === null) break;
  }
  return { deliveries: found, next };
}

function placeAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!isDeliveryId(cursor)) throw invalidRequest('cursor', 'is not one of ours: begin without it');
  return cursor;
}
