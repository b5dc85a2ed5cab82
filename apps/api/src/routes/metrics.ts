import { metricsRoute } from '@linkhaul/runtime';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { sharedFamilies } from '../shared-metrics.js';

/** `GET /metrics`: what this process counts, and what all of them share. */
export function metrics(services: Services): ReturnType<typeof metricsRoute> {
  return metricsRoute({
    access: services.env.metrics,
    read: async () => [...services.metrics.families(), ...(await sharedFamilies(services))],
    refuse: (why) => {
      if (why === 'closed') {
        throw new ApiProblem(
          'forbidden',
          'Set METRICS_TOKEN: without it only this machine may read them, by a loopback HOST and through no proxy.',
        );
      }
      throw new ApiProblem('unauthorized', 'Send METRICS_TOKEN as "Authorization: Bearer <token>".', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    },
  });
}
