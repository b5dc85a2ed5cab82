import type { Job, RowStatus } from '@linkhaul/schemas';
import { OUTCOME_WORDS, STATUS_WORDS } from '../format/words.js';
import './badge.css';

/** The colour of a job's state. For a completed job it shows how complete its results are. */
function toneOf({ status, outcome }: Pick<Job, 'status' | 'outcome'>): string {
  if (status === 'completed') return outcome === 'complete' ? 'ok' : outcome === 'partial' ? 'invalid' : 'failed';
  if (status === 'running' || status === 'planning') return 'live';
  if (status === 'paused') return 'invalid';
  return status === 'failed' ? 'failed' : 'skipped';
}

export function JobBadge({ job }: { readonly job: Pick<Job, 'status' | 'outcome'> }) {
  const isPartial = job.status === 'completed' && job.outcome !== 'complete' && job.outcome !== null;
  return (
    <span class={`badge ${toneOf(job)}`}>
      <i aria-hidden="true" />
      {STATUS_WORDS[job.status]}
      {isPartial && (job.outcome === 'none' ? ', without an answer' : ', in part')}
    </span>
  );
}

export function RowBadge({ status }: { readonly status: RowStatus }) {
  return (
    <span class={`badge ${status}`}>
      <i aria-hidden="true" />
      {OUTCOME_WORDS[status]}
    </span>
  );
}
