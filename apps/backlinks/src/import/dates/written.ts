const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** What a form of dates finds in a text, by the names of its groups. */
type Found = Readonly<Record<string, string | undefined>>;

/** The time of day behind a date, and its zone. Without a zone it is UTC. */
export const CLOCK =
  '(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?)?(?:\\s*(?<half>[ap])\\.?m\\.?)?' +
  '(?:\\s*(?:z|gmt|utc|(?<zone>[+-]\\d\\d(?::?\\d\\d)?)))?';

/**
 * The date that a text is, by the first form that fits all of it; null where it is none. `Date.parse` would take the 31st of
 * February for the 3rd of March, `Lost 2` for a day in 2001, and what has no zone for local time.
 */
export function dateBy(forms: readonly RegExp[], text: string): Date | null {
  for (const form of forms) {
    const found = form.exec(text.trim())?.groups;
    if (found !== undefined) return dateOf(found);
  }
  return null;
}

/** Whether a month has a day. */
function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dateOf(found: Found): Date | null {
  const year = yearOf(found.year ?? '');
  const month = found.name === undefined ? Number(found.month ?? 1) : monthOf(found.name);
  const day = Number(found.day ?? 1);
  const time = timeOfDay(found);
  if (time === null || !isDay(year, month, day)) return null;
  const at = Date.UTC(year, month - 1, day) + time;
  return at >= EARLIEST && at < LATEST ? new Date(at) : null;
}

/** Two digits are of the years around 2000, as in the older dates of HTTP. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

const MINUTE_MS = 60_000;

/** Milliseconds from the day's start in UTC; null for no time of a day. */
function timeOfDay({ hour = '0', minute = '0', second = '0', fraction = '0', half, zone }: Found): number | null {
  const hours = half === undefined ? Number(hour) : hourOfHalf(Number(hour), half);
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ms = Math.floor(Number(`0.${fraction}`) * 1000);
  return (hours * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000 + ms - zoneOffset(zone);
}

function hourOfHalf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.POSITIVE_INFINITY;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function zoneOffset(zone = '+00'): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const SHORTEST = 3;

/** The number of a month by its name or its beginning, such as `Feb`; 0 for another word. */
function monthOf(name: string): number {
  const word = name.toLowerCase();
  return word.length < SHORTEST ? 0 : MONTHS.findIndex((month) => month.startsWith(word)) + 1;
}
