import { CLOCK } from './written.js';

const WEEKDAY = '(?:[a-z]+,?\\s+)?';
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const NAME = '(?<name>[a-z]+)\\.?';
const BEHIND = `(?:,?\\s+(?:at\\s+)?${CLOCK})?`;

/** Dates with the English name of a month: those of HTTP, and those that tools write into their exports. */
export const NAMED_MONTHS: readonly RegExp[] = [
  // `Fri, 01 May 2026 10:00:00 GMT`, `Friday, 01-May-26 10:00:00 GMT`, `1 May 2026`
  `${WEEKDAY}${DAY}[\\s-]+${NAME},?[\\s-]+(?<year>\\d{4}|\\d\\d)${BEHIND}`,
  // `May 1, 2026`
  `${WEEKDAY}${NAME}\\s+${DAY},?\\s+(?<year>\\d{4})${BEHIND}`,
  // `Fri May  1 10:00:00 2026`
  `${WEEKDAY}${NAME}\\s+${DAY}\\s+${CLOCK}\\s+(?<year>\\d{4})`,
  // `2026-May-01`
  `(?<year>\\d{4})[\\s-]+${NAME}[\\s-]+${DAY}${BEHIND}`,
].map((form) => new RegExp(`^${form}$`, 'i'));
