import { z } from 'zod';

export const GROUP_RANGES = ['day', 'week', 'month', 'year'] as const;
export type GroupRange = (typeof GROUP_RANGES)[number];

/** Both days belong to it, as `yyyy-mm-dd`. */
export interface Period {
  readonly first: string;
  readonly last: string;
}

/** The first day of the upstream's monthly figures, and of its time series. */
export const HISTORY_SINCE = '2019-01-01';
export const SERIES_SINCE = '2019-01-30';

/** The whole periods that contain a day from `from` to `to`. Weeks end on Sunday. */
export function periodsOf(range: GroupRange, from: string, to: string): Period[] {
  const periods: Period[] = [];
  for (let first = from; first <= to; first = plusDays(periods.at(-1)?.last ?? to, 1)) {
    periods.push({ first: firstDay(range, first), last: lastDay(range, first) });
  }
  return periods;
}

/** The months that end between these days. */
export function monthsWithin(from: string, to: string): Period[] {
  return periodsOf('month', from, to).filter(({ last }) => last <= to);
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** A day from `first` to today. The upstream's day is assumed to be that of UTC. */
export function daySince(first: string): z.ZodType<string, string> {
  return z.iso
    .date()
    .refine((day) => first <= day && day <= today(), `must be a day from ${first} to today, as yyyy-mm-dd`);
}

/** Refuses a `date_from` after `date_to`. */
export function inOrder<T extends z.ZodObject>(params: T): T {
  return params.check(({ value, issues }) => {
    const { date_from: from, date_to: to } = value;
    if (typeof from !== 'string' || typeof to !== 'string' || from <= to) return;
    issues.push({ code: 'custom', message: 'must not be later than date_to', input: from, path: ['date_from'] });
  });
}

function firstDay(range: GroupRange, day: string): string {
  if (range === 'month') return `${day.slice(0, 8)}01`;
  if (range === 'year') return `${day.slice(0, 4)}-01-01`;
  return range === 'day' ? day : plusDays(day, -sinceMonday(day));
}

function lastDay(range: GroupRange, day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  if (range === 'month') return dayOf(Date.UTC(year, month, 0));
  if (range === 'year') return `${day.slice(0, 4)}-12-31`;
  return range === 'day' ? day : plusDays(day, 6 - sinceMonday(day));
}

function sinceMonday(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

function plusDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * 86_400_000);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
