import type { Job } from '@linkhaul/schemas';
import { usd } from '../../../format/numbers.js';
import { failureWords, pauseWords } from '../../../format/words.js';

type HistoryEntry = Job['history'][number];

/** What happened, as a sentence without its time and actor. */
export function historyWords({ action, from, to, reason }: HistoryEntry): string {
  switch (action) {
    case 'submit':
      return 'The list was sent.';
    case 'pause':
      return reason === 'user' ? 'Paused by hand.' : `Paused: ${lowerFirst(pauseWords(reason ?? ''))}.`;
    case 'resume':
      return from === to ? 'Resuming was asked for; nothing had to change.' : 'Resumed.';
    case 'cancel':
      return 'Cancelled: rows that were not sent were skipped.';
    case 'retry':
      return 'Failed and skipped rows were run again.';
    case 'nothing_to_retry':
      return 'No row was left to be run again.';
    case 'set_budget':
      return budgetWords(from, to);
    case 'answer_damaged':
      return 'A stored answer is damaged: its rows have failed. A retry by that error buys them again.';
    case 'fail':
      return `The job failed: ${reason === null ? 'it could not run' : lowerFirst(failureWords(reason))}`;
    case 'finish':
      return finishWords(to, reason);
    default:
      return `${action.replaceAll('_', ' ')}${reason === null || reason === '' ? '' : `: ${reason}`}`;
  }
}

function finishWords(to: string, reason: string | null): string {
  if (to === 'completed') return 'Completed: every row has its outcome.';
  if (reason === null || reason === '') return `Finished as ${to}.`;
  return `${pauseWords(reason)}: the rows that were left were skipped.`;
}

function budgetWords(from: string, to: string): string {
  if (to === '') return `The budget of ${dollars(from)} was taken away.`;
  return from === ''
    ? `A budget of ${dollars(to)} was set.`
    : `The budget was changed from ${dollars(from)} to ${dollars(to)}.`;
}

function dollars(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? usd(value) : text;
}

/** Who did it, in words; null if the service did it by itself. */
export function actorWords({ by }: HistoryEntry): string | null {
  if (by === 'system') return null;
  return by === 'admin' ? 'the admin' : by;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
