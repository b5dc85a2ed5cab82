import { metricsRoute } from '@linkhaul/runtime';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { sharedFamilies } from '../shared-metrics.js';

/** `GET /metrics`: what this process counts, and what all of them share. */
export function metrics(services: Services): ReturnType<typeof metricsRoute> {
  return metricsRoute({
    access: services.env.metrics,
    read: async () => [...services.metrics.families(), ...(await sharedFamilies(services))],
    refuse: ({ code, detail, headers }) => {
      throw new ApiProblem(code, detail, { headers });
    },
  });
}
