import { upstreamTimestamp } from '@linkhaul/schemas';

const FORM = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+00:00$/;

/**
 * Milliseconds since 1970 of a time as the upstream writes it; null for any other text, and for days that never were.
 */
export function timeOf(text: string): number | null {
  const [, date, time] = FORM.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(ms) || upstreamTimestamp(new Date(ms)) !== text ? null : ms;
}
