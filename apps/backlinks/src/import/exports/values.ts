import { NAMED_MONTHS } from '../dates/named-months.js';
import { CLOCK, dateBy } from '../dates/written.js';
import type { Column } from './columns.js';

const BEHIND = `(?:(?:T|,?\\s+)${CLOCK})?$`;
const YEAR_FIRST = new RegExp(`^(?<year>\\d{4})[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})${BEHIND}`, 'i');
const DAY_FIRST = new RegExp(`^(?<day>\\d{1,2})([-/.])(?<month>\\d{1,2})\\2(?<year>\\d{4})${BEHIND}`, 'i');
const MONTH_FIRST = new RegExp(`^(?<month>\\d{1,2})([-/])(?<day>\\d{1,2})\\2(?<year>\\d{4})${BEHIND}`, 'i');

/** A date of an export; null where it is none, or where day and month cannot be told apart. */
export function dateIn(text: string): Date | null {
  return dateBy([YEAR_FIRST, ...numberForms(text), ...NAMED_MONTHS], text);
}

/** With points the day is first; else only a number above 12 tells the day from the month. */
function numberForms(text: string): readonly RegExp[] {
  const [, first, separator, second] = /^(\d{1,2})([-/.])(\d{1,2})\2/.exec(text) ?? [];
  if (separator === '.' || Number(first) > 12) return [DAY_FIRST];
  return Number(second) > 12 ? [MONTH_FIRST] : [];
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
