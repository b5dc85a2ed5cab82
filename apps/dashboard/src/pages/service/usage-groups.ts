import type { UsageGroup } from '@linkhaul/client/browser';

const DAY_MS = 86_400_000;

/** How usage can be grouped. `metadata` also needs a key. */
export const GROUPS = ['day', 'month', 'tag', 'endpoint', 'tenant', 'metadata'] as const;
export type GroupName = (typeof GROUPS)[number];

export interface UsageLine {
  /** The group's value; null for jobs without one. */
  readonly group: string | null;
  readonly calls: number;
  readonly items: number;
  readonly spent: number;
  readonly wasted: number;
  readonly unconfirmed: number;
}

interface Sums {
  readonly calls: number;
  readonly items: number;
  readonly spent_usd: number;
  readonly wasted_usd: number;
  readonly unconfirmed_usd: number;
}

export interface Days {
  /** The first day, `2026-01-31`. */
  readonly from: string;
  /** The last day, included. The service takes the day after it instead. */
  readonly until: string;
}

/** The group in the service's form; null while its metadata key is empty. */
export function groupOf(name: GroupName, metadataKey: string): UsageGroup | null {
  if (name !== 'metadata') return name;
  return metadataKey === '' ? null : `metadata.${metadataKey}`;
}

/** The lines of a chart and a table: times in ascending order, all other groups by cost, most expensive first. */
export function usageLines(
  usage: readonly (Sums & Readonly<Record<string, unknown>>)[],
  group: UsageGroup,
): readonly UsageLine[] {
  const lines = usage.map((sums) => {
    const value = sums[group];
    return {
      group: value === null || value === undefined ? null : String(value),
      calls: sums.calls,
      items: sums.items,
      spent: sums.spent_usd,
      wasted: sums.wasted_usd,
      unconfirmed: sums.unconfirmed_usd,
    };
  });
  return group === 'day' || group === 'month' ? lines : lines.toSorted((a, b) => b.spent - a.spent);
}

/** One value for each day of the range. A day without a line had no costs. */
export function byDay(lines: readonly UsageLine[], { from, until }: Days): { times: number[]; values: number[] } {
  const spent = new Map(lines.map((line) => [line.group, line.spent]));
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(until); at += DAY_MS) days.push(dayOf(at));
  // The chart writes times in the reader's time zone, where midnight must be that of the named day.
  return { times: days.map((day) => Date.parse(`${day}T00:00`)), values: days.map((day) => spent.get(day) ?? 0) };
}

/** The range of this many days that ends today, in UTC, as the service counts. */
export function lastDays(days: number, now: number): Days {
  return { from: dayOf(now - (days - 1) * DAY_MS), until: dayOf(now) };
}

/** The range in the service's form: its end is the first day that is not included. */
export function rangeOf({ from, until }: Days): { from: string; to: string } {
  return { from, to: dayOf(Date.parse(until) + DAY_MS) };
}

/** Whether both are dates, and in order. */
export function isRange({ from, until }: Days): boolean {
  return Date.parse(from) <= Date.parse(until);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
