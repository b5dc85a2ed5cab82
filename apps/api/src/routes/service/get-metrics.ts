import { metricsHandler } from '@linkhaul/runtime';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { sharedFamilies } from '../../shared-metrics.js';

export const getMetrics = defineRoute({
  method: 'get',
  path: '/metrics',
  id: 'getMetrics',
  summary: 'Read the metrics',
  description:
    'With `Authorization: Bearer <METRICS_TOKEN>` if the service has a token; without one, only on a loopback `HOST`. Each worker has metrics of its own.',
  access: 'open',
  request: NO_INPUT,
  answers: {
    200: {
      description: 'Those of this process, and those that all processes share.',
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
