import { metricsHandler } from '@linkhaul/runtime';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { sharedFamilies } from '../../shared-metrics.js';
import { NOTHING } from '../parameters.js';

export const getMetrics = defineRoute({
  method: 'get',
  path: '/metrics',
  id: 'getMetrics',
  summary: 'What a monitor should know',
  description:
    'With `Authorization: Bearer <METRICS_TOKEN>` where the service is given one; without one it is closed on a `HOST` that is not loopback. Each worker has one of its own.',
  access: 'open',
  request: NOTHING,
  answers: {
    200: {
      description: 'Of this process, and what all processes share.',
      contents: { 'text/plain': z.string().describe('The Prometheus text format, version 0.0.4.') },
    },
  },
  problems: ['unauthorized'],
  examples: [{ title: 'Metrics', given: 'worker', status: 200 }],
  serve: (services) =>
    metricsHandler({
      access: services.env.metrics,
      read: async () => [...services.metrics.families(), ...(await sharedFamilies(services))],
      refuse: ({ code, detail, headers }) => {
        throw new ApiProblem(code, detail, { headers });
      },
    }),
});
