import { DELIVERY_STATES, deliveriesPage, deliveryState } from '@linkhaul/schemas';
import { z } from 'zod';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_JOB } from '../examples.js';
import { filteredPage } from '../filtered-page.js';
import { jobRef } from '../jobs/find-job.js';
import { paging } from '../parameters.js';
import { deliveryView, isDeliveryId } from './deliveries.js';

export const listDeliveries = defineRoute({
  method: 'get',
  path: '/v1/deliveries',
  id: 'listDeliveries',
  summary: 'List deliveries with their attempts',
  description:
    'Newest first, or those of one job in the order of its events. A page may have fewer deliveries than `limit` while `next_cursor` is not null: follow it.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT.extend({
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
      title: 'Those that have not been delivered',
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
      const { items, next } = await filteredPage({
        read: async (after, most) => {
          const page = await services.deliveries.list(tenant, { job, after, limit: most });
          return { items: page.deliveries, next: page.next };
        },
        matches: ({ state }) => statuses.includes(state),
        placeOf: ({ id }) => id,
        after: placeAfter(cursor),
        limit,
      });
      const views = items.map((delivery) => deliveryView(delivery, services));
      return c.json({ deliveries: await Promise.all(views), next_cursor: next });
    },
});

function placeAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!isDeliveryId(cursor)) throw unknownCursor();
  return cursor;
}
