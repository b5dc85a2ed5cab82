import { webhookSecret } from '@linkhaul/schemas';
import type { Group, Operation } from './operation.js';

const secret: Operation = {
  method: 'get',
  path: '/v1/webhooks/secret',
  id: 'getWebhookSecret',
  summary: 'Read what webhooks are signed with',
  access: 'tenant',
  answers: { 200: { description: 'The secret.', contents: { 'application/json': webhookSecret } } },
  examples: [{ title: 'The secret', given: 'nothing', status: 200 }],
};

export const webhooks: Group = {
  name: 'Webhooks',
  description:
    'POSTed to the `webhook` of a job with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks 1.0). Answer 2xx within 15 s; else it comes again, with the same id.',
  operations: [secret],
};
