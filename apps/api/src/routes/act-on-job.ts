import { type JobAction, jobView, messageIds } from '@linkhaul/jobs';
import { Hono } from 'hono';
import { ApiProblem, notAvailable } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';

const ACTIONS = ['pause', 'resume', 'cancel'] as const satisfies readonly JobAction[];

/** `POST /v1/jobs/:id/{pause,resume,cancel}`: shown at once, safe to repeat, 409 where it makes no sense. */
export function actOnJob(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const action of ACTIONS) {
    app.post(`/v1/jobs/:id/${action}`, async (c) => {
      if ((await c.req.text()).trim() !== '' && action === 'resume') throw notAvailable('a body of resume (`max_cost_usd`)');
      const tenant = c.get('tenant');
      const job = { tenant, id: c.req.param('id') };
      const { ledger, queues } = services;
      const done = await ledger.act(job, { action, by: tenant, ...(action === 'pause' && { reason: 'user' }) });
      if (done.result === 'refused') throw new ApiProblem('conflict', `A ${done.status} job cannot be changed by ${action}: see its status.`);
      if (done.last) await queues.add('finish', job, { id: messageIds.finish(job) });
      return c.json(jobView(await findJob(tenant, job.id, services)));
    });
  }
  return app;
}
