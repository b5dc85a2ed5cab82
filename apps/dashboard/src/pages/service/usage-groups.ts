import type { UsageGroup } from '@linkhaul/client/browser';

const DAY_MS = 86_400_000;

/** What usage can be grouped by; metadata has a key beside it. */
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
  /** The last day: people count it in, the service takes the day after it. */
  readonly until: string;
}

/** The group as the service names it; null while its metadata key is not typed yet. */
export function groupOf(name: GroupName, metadataKey: string): UsageGroup | null {
  if (name !== 'metadata') return name;
  return metadataKey === '' ? null : `metadata.${metadataKey}`;
}

/** Lines of a chart and a table: times in their order, all else by cost, the dearest first. */
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

/** One value for each day of the range: a day on which nothing was bought has no line, and costs nothing. */
export function byDay(lines: readonly UsageLine[], { from, until }: Days): { times: number[]; values: number[] } {
  const spent = new Map(lines.map((line) => [line.group, line.spent]));
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(until); at += DAY_MS) days.push(dayOf(at));
  // The chart writes times in the reader's zone: the reader's own midnight keeps the name of the day.
  return { times: days.map((day) => Date.parse(`${day}T00:00`)), values: days.map((day) => spent.get(day) ?? 0) };
}

/** The range that ends today, in UTC as the service counts. */
export function lastDays(days: number, now: number): Days {
  return { from: dayOf(now - (days - 1) * DAY_MS), until: dayOf(now) };
}

/** The range as the service takes it: its end is the first day that is not counted. */
export function rangeOf({ from, until }: Days): { from: string; to: string } {
  return { from, to: dayOf(Date.parse(until) + DAY_MS) };
}

/** A range that can be asked for: both are dates, and in order. */
export function isRange({ from, until }: Days): boolean {
  return Date.parse(from) <= Date.parse(until);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
