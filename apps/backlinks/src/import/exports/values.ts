import { isDay } from '../calendar.js';
import type { Column } from './columns.js';

const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d))?)?/;
const DAY_FIRST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})/;

/** A date of an export; null where it is none, or where day and month cannot be told apart. Dates without a zone are UTC. */
export function dateIn(text: string): Date | null {
  const iso = ISO.exec(text);
  if (iso !== null) return dateOf(iso.slice(1).map((part) => Number(part ?? 0)));
  const written = DAY_FIRST.exec(text);
  if (written === null) return /[a-z]{3}/i.test(text) ? sound(Date.parse(`${text} UTC`)) : null;
  const [, first = '', separator, second = '', year = ''] = written;
  const isDayFirst = separator === '.' || Number(first) > 12;
  if (!isDayFirst && Number(second) <= 12) return null;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return dateOf([year, month, day].map(Number));
}

function dateOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): Date | null {
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  return sound(Date.UTC(year, month - 1, day, hour, minute, second));
}

function sound(time: number): Date | null {
  return time >= EARLIEST && time < LATEST ? new Date(time) : null;
}

const YES = ['true', 'yes', '1', '+', 'y', 'x'];
const NO = ['false', 'no', '0', '-', 'n'];

/** The words of their own in which some columns say yes and no. */
const OWN: Partial<Record<Column, { readonly yes: readonly string[]; readonly no: readonly string[] }>> = {
  nofollow: { yes: ['nofollow'], no: ['follow', 'dofollow'] },
  follow: { yes: ['follow', 'dofollow'], no: ['nofollow'] },
  ugc: { yes: ['ugc'], no: [] },
  sponsored: { yes: ['sponsored'], no: [] },
  is_lost: { yes: ['lost'], no: ['live'] },
  lost_at: { yes: ['lost'], no: ['live'] },
};

/** The yes or no of a column; null where it says neither. */
export function flagIn(column: Column, text: string): boolean | null {
  const word = text.trim().toLowerCase();
  const { yes, no } = OWN[column] ?? { yes: [], no: [] };
  if (YES.includes(word) || yes.includes(word)) return true;
  return NO.includes(word) || no.includes(word) ? false : null;
}
