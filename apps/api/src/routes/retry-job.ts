import { type JobRecord, jobView, type RetryChoice, type RetryReply } from '@linkhaul/jobs';
import { isRetryable, nanosOf, type Retrial, retrial, usdOf } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import { skippedCode } from '../results/lines.js';
import type { AppEnv, Services } from '../services.js';
import { whenClosed } from './closing.js';
import { findJob, jobRef } from './find-job.js';
import { checkQuery, queryOf } from './query.js';
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
    return c.json(jobView(await findJob(tenant, job.id, services)));
  });
}

interface Retrying {
  readonly asked: Retrial;
  readonly by: string;
}

async function retry(job: JobRef, { asked, by }: Retrying, services: Services): Promise<void> {
  const { ledger, queues, logger } = services;
  const choice = { statuses: asked.status, codes: asked.codes ?? null, retryableOnly: asked.retryable_only };
  requireRows(await findJob(job.tenant, job.id, services), choice);
  const { max_cost_usd: maxCost } = asked;
  const budget = maxCost === undefined ? {} : { budget: nanosOf(maxCost) };
  const reply = await whenClosed(() => ledger.retry(job, { by, choice, ...budget }));
  refuse(job, reply, maxCost);
  // If this message is lost, reconciliation adds it again.
  await queues.add('plan', job).catch((err: unknown) => logger.warn({ err, job: job.id }, 'plan message'));
}

/** As far as the counts tell, and of a job without a plan, whose rows were all skipped alike. */
function requireRows(record: JobRecord, { statuses, codes, retryableOnly }: RetryChoice): void {
  if (record.finishedAt === null) return;
  const code = skippedCode(record);
  const none =
    record.plan === null && ((codes !== null && !codes.includes(code)) || (retryableOnly && !isRetryable(code)));
  if (!none && statuses.some((status) => record.counts[status] > 0)) return;
  throw new ApiProblem(
    'conflict',
    `The job has no ${statuses.join(' or ')} rows of this choice: nothing is to be run again.`,
  );
}

function refuse(job: JobRef, { result, status, least }: RetryReply, maxCost: number | undefined): void {
  if (result === 'gone') throw new ApiProblem('not_found', `There is no job ${job.id}.`);
  if (result === 'refused') {
    throw new ApiProblem('conflict', `A ${status} job with open rows cannot be run again: wait until it is finished.`);
  }
  if (result !== 'short') return;
  const detail = `What is spent, and the call that the budget did not pay for, come to $${usdOf(least)}: send max_cost_usd of that or more.`;
  if (maxCost === undefined) throw new ApiProblem('conflict', `The job's budget is over. ${detail}`);
  throw new ApiProblem('budget_too_low', detail, {
    errors: [{ pointer: '/max_cost_usd', code: 'budget_too_low', message: detail }],
  });
}
