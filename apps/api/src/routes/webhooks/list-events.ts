import { listedEventView, placeOfId } from '@linkhaul/jobs';
import { eventsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_EVENT } from '../examples.js';
import { paging } from '../parameters.js';

export const listEvents = defineRoute({
  method: 'get',
  path: '/v1/events',
  id: 'listEvents',
  summary: 'List events',
  description:
    'All events in order, whether sent to a webhook or not. A client that keeps the id of the last event it has seen misses none. The events of a job are deleted with it.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT.extend({
    query: z.object({
      after: z
        .string()
        .optional()
        .describe('The id of the last event seen, or `next_cursor`. Without it, from the first event.'),
      limit: paging.limit,
    }),
  }),
  answers: { 200: { description: 'A page of events.', contents: { 'application/json': eventsPage } } },
  examples: [
    { title: 'From the first one', given: 'delivery', status: 200 },
    { title: 'After the last one seen', given: 'delivery', query: { after: EXAMPLE_EVENT }, status: 200 },
  ],
  serve:
    ({ events }) =>
    async (c, { query: { after, limit } }) => {
      const page = await events.list(c.get('tenant'), { after: placeAfter(after), limit });
      return c.json({ events: page.events.map(listedEventView), next_cursor: page.next });
    },
});

function placeAfter(text: string | undefined): string | null {
  if (text === undefined) return null;
  const place = placeOfId(text);
  if (place === null) throw invalidRequest('after', 'must be the id of an event, or a next_cursor');
  return place;
}
