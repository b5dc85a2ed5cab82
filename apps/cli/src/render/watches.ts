import type { Watch, WatchRun } from '@linkhaul/schemas';
import { counted, formatCount, formatUsd } from './figures.js';
import { printable } from './printable.js';
import { formatTable } from './table.js';

export function watchesTable(watches: readonly Watch[]): string {
  const lines = watches.map((watch) => [
    watch.name,
    watch.endpoint,
    scheduleText(watch),
    nextText(watch),
    lastText(watch.last_run),
    budgetText(watch),
  ]);
  return formatTable(['name', 'endpoint', 'schedule', 'next run', 'last run', 'budget'], lines);
}

/** One watch in a few lines. */
export function watchSummary(watch: Watch): string {
  const { name, list, run, last_run: last, alert, field } = watch;
  const lines = [
    `${name}  ${watch.endpoint}  ${counted(list.rows, 'row')}, ${formatUsd(list.estimated_usd)} a run estimated`,
    `Runs ${scheduleText(watch)}. Next: ${nextText(watch)}.`,
    ...(watch.budget === null ? [] : [`Budget: ${budgetText(watch)}.`]),
    ...(alert.length === 0 ? [] : [`Alerts: ${counted(alert.length, 'rule')}.`]),
    ...(run === null ? [] : [`Running: ${run.job ?? 'its job is about to be made'}.`]),
    ...(last === null ? [] : [`Last: ${lastText(last)}${changesText(last, field)}.`]),
  ];
  return lines.map(printable).join('\n');
}

export function runsTable(runs: readonly WatchRun[]): string {
  const lines = runs.map((run) => [
    timeText(run.at),
    run.job ?? '-',
    run.skipped === null ? (run.outcome ?? run.status ?? '-') : 'skipped',
    run.total === null ? '-' : formatCount(run.total),
    run.counts === null ? '-' : countsText(run.counts),
    run.alerts === null ? '-' : String(run.alerts),
    run.cost_usd === null ? '-' : formatUsd(run.cost_usd),
  ]);
  return formatTable(['due', 'job', 'outcome', 'total', 'changes', 'alerts', 'cost'], lines);
}

function scheduleText({ schedule }: Watch): string {
  return 'every' in schedule ? `every ${schedule.every}` : `${schedule.cron} (${schedule.time_zone})`;
}

function nextText({ status, next_run_at: next }: Watch): string {
  return next === null ? status : timeText(next);
}

function lastText(run: WatchRun | null): string {
  if (run === null) return 'never';
  return `${timeText(run.at)} ${run.skipped === null ? (run.outcome ?? run.status ?? '') : 'skipped'}`;
}

function changesText({ total, counts }: WatchRun, field: string): string {
  if (total === null || counts === null) return '';
  return `, ${field} ${formatCount(total)} in all, ${countsText(counts)}`;
}

function countsText(counts: NonNullable<WatchRun['counts']>): string {
  return `${counts.new ?? 0} new, ${counts.lost ?? 0} lost, ${counts.changed ?? 0} changed`;
}

function budgetText({ budget }: Watch): string {
  return budget === null ? '-' : `${formatUsd(budget.committed_usd)} of ${formatUsd(budget.usd)} this ${budget.period}`;
}

/** A time to the minute, UTC. */
function timeText(time: string): string {
  return `${time.slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ')}Z`;
}
