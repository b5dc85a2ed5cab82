import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';

export const getHealth = defineRoute({
  method: 'get',
  path: '/healthz',
  id: 'getHealth',
  summary: 'Whether this process is alive',
  description: 'For a supervisor: Redis and storage are not checked.',
  access: 'open',
  request: NO_INPUT,
  answers: {
    200: { description: 'It is.', contents: { 'application/json': z.object({ status: z.literal('ok') }) } },
  },
  examples: [{ title: 'Alive', given: 'nothing', status: 200 }],
  serve: () => (c) => c.json({ status: 'ok' }),
});
