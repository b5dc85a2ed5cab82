import { metricsRoute } from '@linkhaul/runtime';
import type { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { sharedFamilies } from '../shared-metrics.js';

/** `GET /metrics`: what this process counts, and what all of them share. */
export function metrics(services: Services): Hono {
  return metricsRoute({
    token: services.env.metricsToken,
    host: services.env.host,
    read: async () => [...services.metrics.families(), ...(await sharedFamilies(services))],
    refuse: (detail) => {
      throw new ApiProblem('unauthorized', detail, {
        headers: { 'www-authenticate': 'Bearer' },
      });
    },
  });
}
