import { isFinished, type Job } from '@linkhaul/schemas';

export type JobAction = 'resume' | 'pause' | 'budget' | 'cancel' | 'remove';

/** The actions that make sense in the job's state. The service would refuse the others, or they would change nothing. */
export function allowedActions(job: Job): readonly JobAction[] {
  if (job.status === 'paused') return ['resume', 'cancel'];
  // A cancelled job may still have rows in flight: until their answers arrive, nothing can be done.
  if (isFinished(job)) return ['remove'];
  return job.status === 'cancelled' ? [] : ['pause', 'budget', 'cancel'];
}

/** Whether the job has rows that can be run again now. */
export function mayRetry(job: Job): boolean {
  return isFinished(job) && job.rows.failed + job.rows.skipped > 0;
}

/** The dollars in a field; null if it is empty, undefined if it is not a positive number. */
export function readDollars(text: string): number | null | undefined {
  const digits = text.trim().replace(/^\$/, '');
  if (digits === '') return null;
  const value = Number(digits);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** A budget that should let the job finish, in whole cents; null if the estimate does not help. */
export function suggestedBudget({ cost, max_cost_usd: budget }: Job): number | null {
  const enough = Math.ceil((cost.estimated_usd + cost.wasted_usd) * 1.1 * 100) / 100;
  const isMore = enough > (budget ?? 0) && enough > cost.spent_usd + cost.reserved_usd + cost.unconfirmed_usd;
  return isMore ? enough : null;
}
