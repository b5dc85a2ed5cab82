/**
 * How long a `Retry-After` header asks to wait, in milliseconds: `120` is 120,000, and a date counts from `now` (ms since the
 * epoch). Null if there is no header, or if it is neither.
 */
export function retryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
