import { usdOf, type WatchRun } from '@linkhaul/schemas';
import { isoTime } from '../job/view.js';
import type { KeptRun } from './watch-doc.js';

/** A run that is finished, or was skipped. */
export function runView({ at, by, job, skipped, beside, ...ended }: KeptRun): WatchRun {
  const timeOf = (ms: number | undefined) => (ms === undefined ? null : isoTime(ms));
  return {
    at: isoTime(at),
    by,
    job: job ?? null,
    started_at: timeOf(ended.started_at),
    finished_at: timeOf(ended.finished_at),
    status: ended.status ?? null,
    outcome: ended.outcome ?? null,
    skipped: skipped === undefined ? null : skippedWords(skipped, beside),
    cost_usd: ended.cost === undefined ? null : usdOf(ended.cost),
    total: ended.total ?? null,
    counts: ended.counts ?? null,
    alerts: ended.alerts ?? null,
  };
}

function skippedWords(skipped: NonNullable<KeptRun['skipped']>, beside = ''): string {
  if (skipped === 'not_stored') return 'Its list could not be stored in time.';
  return beside === '' ? 'An earlier run was about to begin.' : `The run ${beside} was not finished.`;
}
