import type { RetryReply } from '@linkhaul/jobs';
import { nanosOf, type Retrial, retrial, usdOf } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { findJob, noJob, noSuchJob, ofJob } from './find-job.js';
import { jobAnswers } from './job-answers.js';
import { leastCallOf } from './least-call.js';
import { nothingToRetry } from './nothing-to-retry.js';
import { showJob } from './show-job.js';
import { whenClosed } from './when-closed.js';

export const retryJob = defineRoute({
  method: 'post',
  path: '/v1/jobs/:id/retry',
  id: 'retryJob',
  summary: 'Run failed and skipped rows again',
  description:
    'A finished job gets a further run: it is `running`, `run` is one higher, and the rows are pending again once the run is planned. A list whose page failed continues at that page. Rows with `answer_damaged` are bought again, if `codes` names that code. 409 while any row is open, and if no row matches. Cursors from before the retry are refused with 409: begin again without one.',
  access: 'tenant',
  scope: 'submit',
  readsStorage: true,
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob, body: retrial }),
  answers: jobAnswers,
  problems: ['not_found', 'conflict', 'budget_too_low'],
  examples: [
    {
      title: 'Failed rows that may succeed now, within $20',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      body: { type: 'application/json', content: { status: ['failed'], max_cost_usd: 20 } },
      status: 200,
    },
    {
      title: 'A job that is not finished cannot be run again',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      status: 409,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id }, body }) => {
      const job = { tenant: c.get('tenant'), id };
      await retry(job, { asked: body, by: c.get('by') }, services);
      return c.json(await showJob(await findJob(job.tenant, id, services), services));
    },
});

interface Retrying {
  readonly asked: Retrial;
  readonly by: string;
}

async function retry(job: JobRef, { asked, by }: Retrying, services: Services): Promise<void> {
  const { jobSteps, queues, snapshots, logger } = services;
  const { status: statuses, codes = null, retryable_only: retryableOnly, buy } = asked;
  const choice = { statuses, codes, retryableOnly, buy };
  const leastCall = buysNothing(asked) ? 0 : await leastCallOf(await findJob(job.tenant, job.id, services), services);
  const { max_cost_usd: maxCost } = asked;
  const money = { leastCall, ...(maxCost !== undefined && { budget: nanosOf(maxCost) }) };
  const reply = await whenClosed(() => jobSteps.retry(job, { by, choice, ...money }));
  refuse(job, reply, asked);
  await snapshots.keepJob(job);
  // If this message is lost, reconciliation adds it again.
  await queues.add('plan', job).catch((err: unknown) => logger.warn({ err, job: job.id }, 'plan message'));
}

/** Rows with `answer_unreadable` only have their kept answer read again, which costs nothing. */
function buysNothing({ codes, buy }: Retrial): boolean {
  return !buy && codes !== undefined && codes.every((code) => code === 'answer_unreadable');
}

function refuse(job: JobRef, reply: RetryReply, asked: Retrial): void {
  const { result, status, least } = reply;
  if (result === 'gone') throw noJob(job.id);
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
