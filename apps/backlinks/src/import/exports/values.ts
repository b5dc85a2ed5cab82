const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d))?)?/;
const DAY_FIRST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})/;

/** A date of an export; null where it is none, or where day and month cannot be told apart. Dates without a zone are UTC. */
export function dateIn(text: string): Date | null {
  const iso = ISO.exec(text);
  if (iso !== null) return sound(Date.UTC(...numbers(iso.slice(1))));
  const written = DAY_FIRST.exec(text);
  if (written === null) return /[a-z]{3}/i.test(text) ? sound(Date.parse(`${text} UTC`)) : null;
  const [, first = '', separator, second = '', year = ''] = written;
  const isDayFirst = separator === '.' || Number(first) > 12;
  if (!isDayFirst && Number(second) <= 12) return null;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return sound(Date.UTC(Number(year), Number(month) - 1, Number(day)));
}

function numbers(parts: readonly (string | undefined)[]): [number, number, number, number, number, number] {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  return [year, month - 1, day, hour, minute, second];
}

function sound(time: number): Date | null {
  return time >= EARLIEST && time < LATEST ? new Date(time) : null;
}

const YES = new Set(['true', 'yes', '1', '+', 'y', 'x', 'nofollow', 'ugc', 'sponsored', 'follow', 'dofollow']);
const NO = new Set(['false', 'no', '0', '-', 'n']);

/** A yes or no of an export; null where it says neither. */
export function flagIn(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : null;
}
