import { z } from 'zod';

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
};

const SHORT = /^(\d{1,6})([mhdw])$/;
const ISO = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?)?$/;

/** A duration in ms: `90m`, `12h`, `7d`, `2w`, or of ISO 8601 `P7D`, `PT12H`. Null for any other text. */
export function durationMs(text: string): number | null {
  const [, count, unit = ''] = SHORT.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNITS[unit] ?? 0);
  const parts = ISO.exec(text)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined) || text.endsWith('T')) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0] = parts.map((part) => Number(part ?? 0));
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * MINUTE_MS;
}

export const duration = z
  .string()
  .refine((text) => (durationMs(text) ?? 0) > 0, 'must be a duration such as 90m, 12h, 7d or 2w, or of ISO 8601 P7D')
  .meta({ id: 'Duration' });
