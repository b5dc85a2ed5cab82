import { type JobAction, jobView } from '@linkhaul/jobs';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { readNoFields } from '../submit/no-fields.js';
import { findJob } from './find-job.js';
import { checkQuery, queryOf } from './query.js';

const ACTIONS = ['pause', 'resume', 'cancel'] as const satisfies readonly JobAction[];

/** `POST /v1/jobs/:id/{pause,resume,cancel}`: shown at once, safe to repeat, 409 where it makes no sense. */
export function actOnJob(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const action of ACTIONS) {
    app.post(`/v1/jobs/:id/${action}`, async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const tenant = c.get('tenant');
      const job = { tenant, id: c.req.param('id') };
      await findJob(tenant, job.id, services);
      await readNoFields(c, { notAvailable: action === 'resume' ? ['max_cost_usd'] : [] });
      const { ledger, queues, logger } = services;
      const done = await ledger.act(job, { action, by: tenant, ...(action === 'pause' && { reason: 'user' }) });
      if (done.result === 'refused') {
        throw new ApiProblem('conflict', `A ${done.status} job cannot be changed by ${action}: see its status.`);
      }
      // If this message is lost, reconciliation adds it again.
      const finish = () => queues.add('finish', job);
      if (done.last) await finish().catch((err: unknown) => logger.warn({ err, job: job.id }, 'finish message'));
      return c.json(jobView(await findJob(tenant, job.id, services)));
    });
  }
  return app;
}
