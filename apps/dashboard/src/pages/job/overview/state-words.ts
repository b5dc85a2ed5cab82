import type { Job } from '@linkhaul/schemas';
import { counted } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';
import { BINDING_WORDS, failureWords, pauseWords } from '../../../format/words.js';

interface StateWords {
  /** `waits`: somebody or something must act. `bad`: the job did not work. */
  readonly tone: 'calm' | 'waits' | 'bad';
  readonly says: string;
  /** An explanation, or what can be done. */
  readonly more: string | null;
}

/** Why the job stands still, or how it ended, in a sentence or two. Null while it simply runs. */
export function stateWords(job: Job): StateWords | null {
  switch (job.status) {
    case 'paused':
      return { tone: 'waits', says: `${pauseWords(job.reason ?? '')}.`, more: pauseAdvice(job) };
    case 'completed':
      return completedWords(job);
    case 'failed':
      return {
        tone: 'bad',
        says: 'The job could not run.',
        more: job.reason === null ? null : failureWords(job.reason),
      };
    case 'cancelled':
      return cancelledWords(job);
    default:
      return job.bound_by === null
        ? null
        : { tone: 'calm', says: `${BINDING_WORDS[job.bound_by]}.`, more: job.bound_detail };
  }
}

function pauseAdvice({ reason, calls, deadline }: Job): string | null {
  switch (reason) {
    case 'manual_start':
      return 'Nothing was sent and nothing is spent. Start it when the price is right.';
    case 'budget':
      return 'Resume it with a higher budget, or cancel it and take the results so far.';
    case 'deadline':
      return deadline === null ? null : `It was ${localTime(deadline)}. Resuming removes the deadline.`;
    case 'user':
      return calls.in_flight > 0 ? `${counted(calls.in_flight, 'call')} in flight still get their answers.` : null;
    case 'tenant_budget':
    case 'watch_budget':
      return 'It goes on by itself when the next period begins, or the budget is raised.';
    case 'upstream_changed':
      return 'Resume it once this Linkhaul understands the new form: one call is sent first.';
    case 'recovered':
      return 'Redis was lost, and this job came back from storage with all its answers. Resume it to go on.';
    case 'storage':
      return 'Nothing is bought that could not be stored.';
    default:
      return reason?.startsWith('upstream_') === true ? 'It goes on by itself when the account can.' : null;
  }
}

function completedWords({ outcome, rows, reason, finished_at }: Job): StateWords {
  const why = reason === null ? '' : `${pauseWords(reason)}. `;
  const when = finished_at === null ? why.trim() : `${why}Finished ${localTime(finished_at)}.`;
  if (outcome === 'complete') {
    const invalid = rows.invalid === 0 ? '' : ` ${counted(rows.invalid, 'row was', 'rows were')} no target.`;
    return { tone: 'calm', says: `Every target has its answer.${invalid}`, more: when };
  }
  const left = [
    rows.failed > 0 ? `${counted(rows.failed, 'row')} failed` : '',
    rows.skipped > 0 ? `${counted(rows.skipped, 'row was', 'rows were')} skipped` : '',
  ].filter((part) => part !== '');
  const says = `${left.join(' and ')}.`;
  return outcome === 'none'
    ? { tone: 'bad', says: `No row has an answer: ${says}`, more: when }
    : { tone: 'waits', says, more: when };
}

function cancelledWords({ rows, finished_at }: Job): StateWords {
  return finished_at === null
    ? { tone: 'waits', says: 'Cancelled. Answers of calls in flight are still awaited.', more: null }
    : {
        tone: 'calm',
        says: `Cancelled, with ${counted(rows.skipped, 'row')} skipped.`,
        more: `Finished ${localTime(finished_at)}.`,
      };
}
