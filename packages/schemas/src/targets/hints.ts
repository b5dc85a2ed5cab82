import { trimRow } from './row-text.js';

/** Something odd about a row, or about how it was read, that its sender probably did not mean. */
export interface Hint {
  readonly code: HintCode;
  readonly message: string;
}

const HINTS = {
  html_entity: 'The row holds &amp;, as a URL in HTML does: the page itself has & there.',
  url_within: 'A second URL stands within this one. It is asked about as one page.',
  cut_off: 'The row ends with …, as a text does that was cut off.',
  trailing_separator: 'The row ends with a comma or a semicolon, which is asked about as part of the page.',
  number_behind:
    'A comma and a number stand behind the address. They are asked about as part of the page: if they are a column, send text/csv.',
  lines_joined:
    'Several lines are read as one row here, because a quote opens a cell on one line and closes it on a later one. If the quote is text, write it twice within quotes.',
  quote_is_text:
    'A quote begins a cell here, and another ends one on a later line. Each line between them has all columns, so each is read as a row, and the quotes as text.',
} as const;

export type HintCode = keyof typeof HINTS;

/** The only comma of a page, with a number behind it. */
const NUMBER_BEHIND = /^[^,?]*,\d+$/;

/** What looks odd about a valid row; null for nearly every row. The row is asked about all the same. */
export function hintOf(input: string): Hint | null {
  const code = oddity(trimRow(input));
  return code === null ? null : explainHint(code);
}

export function explainHint(code: HintCode): Hint {
  return { code, message: HINTS[code] };
}

function oddity(text: string): HintCode | null {
  if (text.includes('&amp;')) return 'html_entity';
  // Most rows hold no second `://`: the expression is for those that do.
  if (text.indexOf('://', text.indexOf('://') + 1) > 0 && /.https?:\/\//i.test(text)) return 'url_within';
  if (text.endsWith('…')) return 'cut_off';
  if (text.endsWith(',') || text.endsWith(';')) return 'trailing_separator';
  return NUMBER_BEHIND.test(text) ? 'number_behind' : null;
}
