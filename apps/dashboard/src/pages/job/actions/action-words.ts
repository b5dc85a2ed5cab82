import type { Job } from '@linkhaul/schemas';
import { counted, usd } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';

/** What happens to the calls in flight when the job stops. */
export function inFlightWords({ calls }: Job): string {
  if (calls.in_flight === 0) return 'No call is in flight.';
  return `${counted(calls.in_flight, 'call')} in flight ${calls.in_flight === 1 ? 'gets its answer, which is' : 'get their answers, which are'} stored and paid for.`;
}

/** What resuming does, depending on why the job is paused. */
export function resumeWords(job: Job): string {
  switch (job.reason) {
    case 'manual_start':
      return `${counted(job.calls.planned, 'call')} will be sent, for about ${usd(job.cost.estimated_usd)}.`;
    case 'budget':
      return `Of its budget of ${usd(job.max_cost_usd ?? 0)}, ${spentWords(job)}, and the next call does not fit any more. With a higher one it goes on where it stopped.`;
    case 'tenant_budget':
      return "It goes on by itself when the tenant's next period begins or its budget is raised. Resuming tries now.";
    case 'watch_budget':
      return "It goes on by itself when the watch's next period begins or its budget is raised. Resuming tries now.";
    case 'deadline':
      return `Its deadline, ${localTime(job.deadline ?? job.created_at)}, has passed. Resuming removes the deadline; it goes on where it stopped.`;
    case 'upstream_changed':
      return 'One call is sent first. The others follow if its answer is understood.';
    case 'upstream_funds':
    case 'upstream_auth':
    case 'upstream_daily_limit':
    case 'upstream_blocked':
    case 'upstream_down':
      return 'It goes on by itself when the account can. Resuming tries now, and the job pauses again if the account still cannot.';
    default:
      return `It goes on where it stopped. ${counted(job.rows.pending, 'row is', 'rows are')} left, and ${spentWords(job)}.`;
  }
}

/** What a job has spent, and what its budget holds besides. */
export function spentWords({ cost }: Job): string {
  const open = cost.reserved_usd + cost.unconfirmed_usd;
  return open > 0
    ? `${usd(cost.spent_usd)} is spent and ${usd(open)} is held for calls without an answer yet`
    : `${usd(cost.spent_usd)} is spent`;
}

export function cancelWords(job: Job): string {
  const { pending } = job.rows;
  return `Of ${counted(pending, 'pending row')}, those that were not sent become skipped. ${inFlightWords(job)} A cancelled job cannot be resumed; a retry runs its skipped rows.`;
}
