import { isDay } from '../calendar.js';
import type { Fields } from './fields.js';

const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** A date that a record or an answer states; null where it is none. */
function readDate(text: string | undefined): Date | null {
  if (text === undefined || text === '') return null;
  const written = /^\d{14}$/.test(text) ? asIso(text) : text;
  const [, ...day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(written) ?? [];
  const [year, month, date] = day.map(Number);
  if (year !== undefined && month !== undefined && date !== undefined && !isDay(year, month, date)) return null;
  const time = Date.parse(written);
  return time >= EARLIEST && time < LATEST ? new Date(time) : null;
}

/** `20260131235959`, as the names of archives have it. */
function asIso(digits: string): string {
  return digits.replace(/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6Z');
}

/** When a record was made. Where its own date is none, that of the answer is taken, then that of the record before. */
export function createDates(written: Date) {
  let last = written;
  return {
    of: (record: Fields, answer: Fields | null): { readonly date: Date; readonly isStated: boolean } => {
      const stated = readDate(record.get('warc-date'));
      last = stated ?? readDate(answer?.get('date')) ?? last;
      return { date: last, isStated: stated !== null };
    },
  };
}
