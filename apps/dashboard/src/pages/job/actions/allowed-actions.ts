import { isFinished, type Job } from '@linkhaul/schemas';

export type JobAction = 'resume' | 'pause' | 'budget' | 'cancel' | 'remove';

/** What the job's state allows. Others are refused by the service, or change nothing. */
export function allowedActions(job: Job): readonly JobAction[] {
  if (job.status === 'paused') return ['resume', 'cancel'];
  // Of a cancelled job rows may still be in flight: until their answers are here nothing can be done.
  if (isFinished(job)) return ['remove'];
  return job.status === 'cancelled' ? [] : ['pause', 'budget', 'cancel'];
}

/** Whether the job has rows to run again, and lets them. */
export function mayRetry(job: Job): boolean {
  return isFinished(job) && job.rows.failed + job.rows.skipped > 0;
}

/** The dollars of a field; null where it is empty, undefined where it is no positive number. */
export function readDollars(text: string): number | null | undefined {
  const digits = text.trim().replace(/^\$/, '');
  if (digits === '') return null;
  const value = Number(digits);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** A budget that the job would finish with, in whole cents; null where the estimate is of no help. */
export function suggestedBudget({ cost, max_cost_usd: budget }: Job): number | null {
  const enough = Math.ceil((cost.estimated_usd + cost.wasted_usd) * 1.1 * 100) / 100;
  const isMore = enough > (budget ?? 0) && enough > cost.spent_usd + cost.reserved_usd + cost.unconfirmed_usd;
  return isMore ? enough : null;
}
