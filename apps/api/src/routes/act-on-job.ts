import type { JobAction, TransitionReply } from '@linkhaul/jobs';
import { nanosOf, resumption, usdOf } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { leastCallOf } from './least-call.js';
import { checkQuery, queryOf } from './query.js';
import { showJob } from './show-job.js';
import { readSmallBody } from './small-body.js';

const ACTIONS = ['pause', 'resume', 'cancel'] as const satisfies readonly JobAction[];

const NO_FIELDS = z.strictObject({});

type Action = (typeof ACTIONS)[number];

/** `POST /v1/jobs/:id/{pause,resume,cancel}`: shown at once, safe to repeat, 409 where it makes no sense. */
export function actOnJob(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const action of ACTIONS) {
    app.post(`/v1/jobs/:id/${action}`, async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const tenant = c.get('tenant');
      const job = { tenant, id: c.req.param('id') };
      const record = await findJob(tenant, job.id, services);
      const { ledger, queues, logger, env } = services;
      const asked = await readAsked(c, action);
      const leastCall = asked.budget === undefined ? 0 : await leastCallOf(record, services);
      const done = await ledger.act(job, {
        action,
        by: c.get('by'),
        tenantDaily: env.tenantDaily,
        leastCall,
        ...asked,
      });
      refuse(action, done, asked);
      // If this message is lost, reconciliation adds it again.
      const finish = () => queues.add('finish', job);
      if (done.last) await finish().catch((err: unknown) => logger.warn({ err, job: job.id }, 'finish message'));
      return c.json(await showJob(await findJob(tenant, job.id, services), services));
    });
  }
  return app;
}

interface Asked {
  readonly reason?: 'user';
  readonly budget?: number;
}

async function readAsked(c: Context<AppEnv>, action: Action): Promise<Asked> {
  if (action === 'resume') {
    const { max_cost_usd: maxCost } = await readSmallBody(c, resumption);
    return maxCost === undefined ? {} : { budget: nanosOf(maxCost) };
  }
  await readSmallBody(c, NO_FIELDS);
  return action === 'pause' ? { reason: 'user' } : {};
}

function refuse(action: Action, { result, status, least }: TransitionReply, { budget }: Asked): void {
  if (result === 'refused') {
    throw new ApiProblem('conflict', `A ${status} job cannot be changed by ${action}: see its status.`);
  }
  if (result === 'tenant_short') {
    const detail = `The tenant's budget does not pay for the next call, of up to $${usdOf(least)}: the job goes on by itself when it does.`;
    throw new ApiProblem('conflict', detail);
  }
  if (result !== 'short') return;
  const detail = `What is spent and open, and the next call, come to $${usdOf(least)}: send max_cost_usd of that or more.`;
  if (budget === undefined) throw new ApiProblem('conflict', `The job's budget is over. ${detail}`);
  throw new ApiProblem('budget_too_low', detail, {
    errors: [{ pointer: '/max_cost_usd', code: 'budget_too_low', message: detail }],
  });
}
