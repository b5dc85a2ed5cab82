import type { RetryReply } from '@linkhaul/jobs';
import { nanosOf, type Retrial, retrial, usdOf } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { whenClosed } from './closing.js';
import { findJob, jobRef } from './find-job.js';
import { leastCallOf } from './least-call.js';
import { nothingToRetry } from './nothing-to-retry.js';
import { checkQuery, queryOf } from './query.js';
import { showJob } from './show-job.js';
import { readSmallBody } from './small-body.js';

/** `POST /v1/jobs/:id/retry`: failed and skipped rows are run again in place, as a further run of the same job. */
export function retryJob(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/v1/jobs/:id/retry', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const tenant = c.get('tenant');
    const job = jobRef(tenant, c.req.param('id'));
    await findJob(tenant, job.id, services);
    const asked = await readSmallBody(c, retrial);
    await retry(job, { asked, by: c.get('by') }, services);
    return c.json(await showJob(await findJob(tenant, job.id, services), services));
  });
}

interface Retrying {
  readonly asked: Retrial;
  readonly by: string;
}

async function retry(job: JobRef, { asked, by }: Retrying, services: Services): Promise<void> {
  const { ledger, queues, logger } = services;
  const { status: statuses, codes = null, retryable_only: retryableOnly, buy } = asked;
  const choice = { statuses, codes, retryableOnly, buy };
  const leastCall = buysNothing(asked) ? 0 : await leastCallOf(await findJob(job.tenant, job.id, services), services);
  const { max_cost_usd: maxCost } = asked;
  const money = { leastCall, ...(maxCost !== undefined && { budget: nanosOf(maxCost) }) };
  const reply = await whenClosed(() => ledger.retry(job, { by, choice, ...money }));
  refuse(job, reply, asked);
  // If this message is lost, reconciliation adds it again.
  await queues.add('plan', job).catch((err: unknown) => logger.warn({ err, job: job.id }, 'plan message'));
}

/** What is kept is read again for nothing. */
function buysNothing({ codes, buy }: Retrial): boolean {
  return !buy && codes !== undefined && codes.every((code) => code === 'answer_unreadable');
}

function refuse(job: JobRef, reply: RetryReply, asked: Retrial): void {
  const { result, status, least } = reply;
  if (result === 'gone') throw new ApiProblem('not_found', `There is no job ${job.id}.`);
  if (result === 'refused') {
    throw new ApiProblem('conflict', `A ${status} job with open rows cannot be run again: wait until it is finished.`);
  }
  if (result === 'nothing') throw nothingToRetry(asked, reply);
  if (result !== 'short') return;
  const detail = `What is spent, and the next call, come to $${usdOf(least)}: send max_cost_usd of that or more.`;
  if (asked.max_cost_usd === undefined) throw new ApiProblem('conflict', `The job's budget is over. ${detail}`);
  throw new ApiProblem('budget_too_low', detail, {
    errors: [{ pointer: '/max_cost_usd', code: 'budget_too_low', message: detail }],
  });
}
