import type { Watch } from '@linkhaul/schemas';
import { count, counted } from '../../format/numbers.js';
import { duration } from '../../format/times.js';

export function scheduleWords({ schedule }: Watch): string {
  return 'every' in schedule ? `every ${schedule.every}` : `${schedule.cron} in ${schedule.time_zone}`;
}

/** When the watch runs next. `now` is in ms since the epoch. */
export function nextWords({ next_run_at: next, run }: Watch, now: number): string {
  if (run !== null) return run.status === null ? 'begins' : `runs: ${run.status}`;
  return next === null ? 'paused' : `in ${duration(Date.parse(next) - now)}`;
}

/** What the last run has changed, or why it was skipped. */
export function changeWords({ last_run: last }: Watch): string {
  if (last === null) return 'has not run yet';
  if (last.skipped !== null) return 'skipped';
  if (last.counts === null) return last.outcome ?? last.status ?? 'its job is gone';
  const { new: added, lost, changed } = last.counts;
  const alerts = last.alerts === null || last.alerts === 0 ? '' : `, ${counted(last.alerts, 'alert')}`;
  return `${count(added)} new, ${count(lost)} lost, ${count(changed)} changed${alerts}`;
}
