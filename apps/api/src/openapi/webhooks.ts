import {
  defaultWebhook,
  deliveriesPage,
  delivery,
  deliveryState,
  eventsPage,
  webhookSecret,
  webhookTest,
  webhookTestReply,
} from '@linkhaul/schemas';
import { z } from 'zod';
import type { Group, Operation } from './operation.js';
import { EXAMPLE_EVENT, EXAMPLE_JOB, EXAMPLE_RECEIVER, paging } from './parameters.js';

const aSecret = { 200: { description: 'The secret.', contents: { 'application/json': webhookSecret } } };
const aDefault = { 200: { description: 'The default webhook.', contents: { 'application/json': defaultWebhook } } };

const getDefault: Operation = {
  method: 'get',
  path: '/v1/webhooks/default',
  id: 'getDefaultWebhook',
  summary: 'Read the default webhook',
  description: 'A `url` of null says that there is none.',
  access: 'tenant',
  answers: aDefault,
  examples: [{ title: 'The default', given: 'nothing', status: 200 }],
};

const setDefault: Operation = {
  method: 'put',
  path: '/v1/webhooks/default',
  id: 'setDefaultWebhook',
  summary: 'Set the default webhook',
  description:
    'Taken by jobs that name none, as it is when they are accepted; jobs that are there keep what they have.',
  access: 'tenant',
  bodies: { 'application/json': defaultWebhook },
  answers: aDefault,
  examples: [
    {
      title: 'What went wrong, of jobs and of the account',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { url: EXAMPLE_RECEIVER, events: ['job.failed', 'job.paused', 'account.paused'] },
      },
      status: 200,
    },
    {
      title: 'None',
      given: 'nothing',
      body: { type: 'application/json', content: { url: null } },
      status: 200,
    },
  ],
};

const test: Operation = {
  method: 'post',
  path: '/v1/webhooks/test',
  id: 'testWebhook',
  summary: 'Try a receiver',
  description:
    'Sends one `{ "type": "webhook.test", "timestamp", "data": {} }`, signed as all are, and answers with what came back, whatever that is.',
  access: 'tenant',
  bodies: { 'application/json': webhookTest },
  answers: { 200: { description: 'What came back.', contents: { 'application/json': webhookTestReply } } },
  examples: [
    {
      title: 'A receiver',
      given: 'receiver',
      body: { type: 'application/json', content: { url: EXAMPLE_RECEIVER } },
      status: 200,
    },
  ],
};

const secret: Operation = {
  method: 'get',
  path: '/v1/webhooks/secret',
  id: 'getWebhookSecret',
  summary: 'Read what webhooks are signed with',
  description: 'The secret that counts now: a receiver checks the signature of each delivery with it.',
  access: 'tenant',
  answers: aSecret,
  examples: [{ title: 'The secret', given: 'nothing', status: 200 }],
};

const rotate: Operation = {
  method: 'post',
  path: '/v1/webhooks/secret/rotate',
  id: 'rotateWebhookSecret',
  summary: 'Sign with a new secret',
  description: 'It counts at once; each one before it signs too for a day after its change, the newest ten of them.',
  access: 'tenant',
  answers: aSecret,
  problems: ['conflict'],
  examples: [{ title: 'A new secret', given: 'nothing', status: 200 }],
};

const events: Operation = {
  method: 'get',
  path: '/v1/events',
  id: 'listEvents',
  summary: 'List what happened',
  description:
    'All events in order, sent to a webhook or not. Who keeps the id of the last one seen misses none. The events of a job that is removed are gone with it.',
  access: 'tenant',
  query: z.object({
    after: z
      .string()
      .optional()
      .describe('The id of the last event seen, or `next_cursor`; from the first one unless told.'),
    limit: paging.limit,
  }),
  answers: { 200: { description: 'A page of events.', contents: { 'application/json': eventsPage } } },
  examples: [
    { title: 'From the first one', given: 'delivery', status: 200 },
    { title: 'Behind the last one seen', given: 'delivery', query: { after: EXAMPLE_EVENT }, status: 200 },
  ],
};

const deliveries: Operation = {
  method: 'get',
  path: '/v1/deliveries',
  id: 'listDeliveries',
  summary: 'List deliveries with their attempts',
  description:
    'Newest first, or those of one job in the order of its events. A page may be short while `next_cursor` is not null: the filter goes on behind it.',
  access: 'tenant',
  query: z.object({
    job: z.string().optional().describe('Only those of this job.'),
    status: z.array(deliveryState).optional(),
    ...paging,
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
};

const redeliver: Operation = {
  method: 'post',
  path: '/v1/deliveries/:id/redeliver',
  id: 'redeliver',
  summary: 'Send a delivery again',
  description: 'With the same id, also one that was delivered or given up; 409 where its event is gone with its job.',
  access: 'tenant',
  params: z.object({ id: z.string().describe("The event's id.") }),
  answers: { 202: { description: 'It is on its way.', contents: { 'application/json': delivery } } },
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Once more', given: 'delivery', params: { id: EXAMPLE_EVENT }, status: 202 }],
};

export const webhooks: Group = {
  name: 'Webhooks',
  description:
    'POSTed to the `webhook` of a job, or the default one, with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks 1.0). Answer 2xx within 15 s; else it comes again, with the same id, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h. Events may overtake one another: go by `timestamp`.',
  operations: [getDefault, setDefault, test, secret, rotate, events, deliveries, redeliver],
};
