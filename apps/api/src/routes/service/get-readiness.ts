import { readinessOf } from '@linkhaul/runtime';
import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';

const checks = z.record(z.string(), z.string()).describe('For each dependency: `ok`, or what is wrong.');

export const getReadiness = defineRoute({
  method: 'get',
  path: '/readyz',
  id: 'getReadiness',
  summary: 'Whether it can serve',
  description:
    'Whether Redis and storage answer, accept writes and have room. A failure is shown with its address and its own message.',
  access: 'open',
  request: NO_INPUT,
  answers: {
    200: { description: 'It can.', contents: { 'application/json': z.object({ status: z.literal('ok'), checks }) } },
    503: {
      description: 'It cannot.',
      contents: { 'application/json': z.object({ status: z.literal('unavailable'), checks }) },
    },
  },
  examples: [{ title: 'Ready', given: 'nothing', status: 200 }],
  serve:
    ({ store, installation }) =>
    async (c) => {
      const found = await readinessOf({ redis: () => store.checkRoom(), storage: () => installation.check() });
      return c.json(found, found.status === 'ok' ? 200 : 503);
    },
});
