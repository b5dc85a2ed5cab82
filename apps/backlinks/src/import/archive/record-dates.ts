import { NAMED_MONTHS } from '../dates/named-months.js';
import { CLOCK, dateBy } from '../dates/written.js';
import type { Fields } from './fields.js';

/** The dates of records and of answers. WARC/1.1 has shorter ones, too, and the names of archives such as `20260131235959`. */
const FORMS: readonly RegExp[] = [
  new RegExp(`^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)(?:[T ]${CLOCK})?$`, 'i'),
  /^(?<year>\d{4})(?:-(?<month>\d\d))?$/,
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
  ...NAMED_MONTHS,
];

/** When a record was made. Where its own date is none, that of the answer is taken, then that of the record before. */
export function createDates(written: Date) {
  let last = written;
  return {
    of: (record: Fields, answer: Fields | null): { readonly date: Date; readonly isStated: boolean } => {
      const stated = dateBy(FORMS, record.get('warc-date') ?? '');
      last = stated ?? dateBy(FORMS, answer?.get('date') ?? '') ?? last;
      return { date: last, isStated: stated !== null };
    },
  };
}
