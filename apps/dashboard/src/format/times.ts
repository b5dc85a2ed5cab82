const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** The two largest units of a time in milliseconds: `2 h 5 min`; `< 1 s` below a second. */
export function duration(ms: number): string {
  let rest = Math.round(Math.max(0, ms) / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number > 0) parts.push(`${number} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '< 1 s' : parts.join(' ');
}

/** How long ago a time was: `just now`, `5 min ago`, `3 d ago`. */
export function age(at: string, now: number): string {
  const ms = now - Date.parse(at);
  const unit = UNITS.find(([, size]) => ms >= size);
  if (unit === undefined || ms < 5000) return 'just now';
  return `${Math.floor(ms / unit[1])} ${unit[0]} ago`;
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A time in the reader's own zone. */
export function localTime(at: string | number): string {
  return moment.format(new Date(at));
}

/** The duration of a request: `85 ms`, `1.3 s`. */
export function latency(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const second = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** A time on a chart's axis, as precise as the distance between two steps. */
export function axisTime(at: number, stepMs: number): string {
  const format = stepMs >= 86_400_000 ? day : stepMs >= 60_000 ? minute : second;
  return format.format(at);
}
