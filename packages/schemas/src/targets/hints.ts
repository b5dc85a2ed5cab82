import { trimRow } from './row-text.js';

/** Something odd about a row, or about how it was read, that its sender probably did not mean. */
export interface Hint {
  readonly code: HintCode;
  readonly message: string;
}

const HINTS = {
  html_entity:
    'The row holds &amp; or another entity of HTML: the page itself has the character there that the entity stands for.',
  lost_character: 'The row holds U+FFFD, which stands for a character that was lost when the list was converted.',
  wrong_encoding:
    'The row holds letters such as Ã¼, as UTF-8 has that was read in another encoding: send charset=utf-8, or convert the list again.',
  url_within: 'A second URL stands within this one. It is asked about as one page.',
  route_dropped:
    'A route of a script stands behind #, which is no part of the page: rows that differ only there are one target.',
  cut_off: 'The row ends with …, as a text does that was cut off.',
  trailing_separator: 'The row ends with a comma or a semicolon, which is asked about as part of the page.',
  number_behind:
    'A separator and a number stand behind the address. They are asked about as part of the page: if they are a column, send text/csv.',
  commas_alike:
    'Nearly all rows hold the same number of commas, and each is asked about as one target: if these are columns, send text/csv.',
  cut_at_separator:
    'Other rows end where the separator stands here. What is behind it is no part of the target: if it should be, put the address in quotes, or send text/plain.',
  above_header:
    'A target stands above the line that has the column by its name. That line is read as the header, and no row above it is read.',
  lines_joined:
    'Several lines are read as one row here, because a quote opens a cell on one line and closes it on a later one. If the quote is text, write it twice within quotes.',
  quote_is_text:
    'A quote begins a cell here, and another ends one on a later line. Each line between them has all columns, so each is read as a row, and the quotes as text.',
} as const;

export type HintCode = keyof typeof HINTS;

/** What each of the expressions below needs: most rows hold none of these. */
const TELLING = /[&#,;|…\ufffdÂÃâ]/;
const ENTITY = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/i;
/** What UTF-8 becomes that is read as ISO 8859-1 or windows-1252. */
const MISREAD = /[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€/;
/** As in `/#/about` and `/#!about`. */
const ROUTE = /#[!/]/;
/** The only separator of a page, with a number behind it. */
const NUMBER_BEHIND = /^[^,;|?]*[,;|]\d+$/;

/** What looks odd about a valid row; null for nearly every row. The row is sent all the same. */
export function hintOf(input: string): Hint | null {
  const code = oddity(trimRow(input));
  return code === null ? null : explainHint(code);
}

export function explainHint(code: HintCode): Hint {
  return { code, message: HINTS[code] };
}

function oddity(text: string): HintCode | null {
  // Most rows hold no second `://`: the expression is for those that do.
  if (text.indexOf('://', text.indexOf('://') + 1) > 0 && /.https?:\/\//i.test(text)) return 'url_within';
  if (!TELLING.test(text)) return null;
  if (ENTITY.test(text)) return 'html_entity';
  if (text.includes('\ufffd')) return 'lost_character';
  if (MISREAD.test(text)) return 'wrong_encoding';
  if (ROUTE.test(text)) return 'route_dropped';
  if (text.endsWith('…')) return 'cut_off';
  if (text.endsWith(',') || text.endsWith(';')) return 'trailing_separator';
  return NUMBER_BEHIND.test(text) ? 'number_behind' : null;
}
