import type { TransitionReply } from '@linkhaul/jobs';
import { type Job, type Nanos, usdOf } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { ApiProblem } from '../../problem.js';
import type { Services } from '../../services.js';
import { findJob } from './find-job.js';
import { leastCallOf } from './least-call.js';
import { showJob } from './show-job.js';

interface Act {
  readonly action: 'pause' | 'resume' | 'cancel';
  /** Shown in the job's history. */
  readonly by: string;
  readonly reason?: 'user';
  /** A new budget. */
  readonly budget?: Nanos;
}

/** Pauses, resumes or cancels a job, and shows it. Safe to repeat; 409 if the job's state does not allow it. */
export async function actOnJob(job: JobRef, act: Act, services: Services): Promise<Job> {
  const { jobSteps, queues, snapshots, logger, env } = services;
  const record = await findJob(job.tenant, job.id, services);
  const leastCall = act.budget === undefined ? 0 : await leastCallOf(record, services);
  const done = await jobSteps.act(job, { ...act, tenantDaily: env.tenantDaily, leastCall });
  refuse(done, act);
  await snapshots.keepJob(job);
  // If this message is lost, reconciliation adds it again.
  const finish = () => queues.add('finish', job);
  if (done.last) await finish().catch((err: unknown) => logger.warn({ err, job: job.id }, 'finish message'));
  return showJob(await findJob(job.tenant, job.id, services), services);
}

function refuse({ result, status, least }: TransitionReply, { action, budget }: Act): void {
  if (result === 'refused') {
    throw new ApiProblem('conflict', `A ${status} job cannot be changed by ${action}: see its status.`);
  }
  if (result === 'tenant_short' || result === 'watch_short') {
    const whose = result === 'tenant_short' ? 'tenant' : 'watch';
    const detail = `The ${whose}'s budget does not pay for the next call, of up to $${usdOf(least)}: the job goes on by itself when it does.`;
    throw new ApiProblem('conflict', detail);
  }
  if (result !== 'short') return;
  const detail = `What is spent and open, and the next call, come to $${usdOf(least)}: send max_cost_usd of that or more.`;
  if (budget === undefined) throw new ApiProblem('conflict', `The job's budget is over. ${detail}`);
  throw new ApiProblem('budget_too_low', detail, {
    errors: [{ pointer: '/max_cost_usd', code: 'budget_too_low', message: detail }],
  });
}
