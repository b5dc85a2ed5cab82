import { INVALID_CODES, type InvalidCode } from '../error-codes.js';
import { MAX_TARGET_LENGTH } from './normalised.js';
import { DOMAIN_PREFIX, trimRow } from './row-text.js';

/** Forms of text in which people send targets, and what to send instead. The first form that fits is explained. */
const FORMS: readonly { readonly form: RegExp; readonly says: string }[] = [
  { form: /^$/, says: 'The row is empty: no target stands in it.' },
  {
    form: /^="[^"]*"$/,
    says: 'This is a cell of a spreadsheet, which means the text within: send the list as text/csv.',
  },
  { form: /^["'=]*=/, says: 'This is a formula: send the text that it shows.' },
  { form: /\]\(/, says: 'This is a Markdown link: send the address between its round brackets alone.' },
  { form: /^(?:[-*+•·‣–—>]|\d{1,6}[.)])\s/, says: 'A list mark stands before the target: send the target alone.' },
  { form: /^\|{2}|^@@/, says: 'This is a rule of an ad blocker: send its domain alone.' },
  { form: /^\|.*\|$/, says: 'This is a row of a table: send it as text/csv with separator=| and column=.' },
  {
    form: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*)\s/i,
    says: 'This is a line of a hosts file: send its host name alone.',
  },
  {
    form: /^(?:sitemap|user-agent|allow|disallow|crawl-delay):/i,
    says: 'This is a line of a robots.txt: send the addresses of pages or the domain.',
  },
  {
    form: /^(?:site|url|link|inurl|info|related|cache|host|origin):/i,
    says: 'A search word stands before the target: remove it, and its colon.',
  },
  { form: /<[/!?]|<[a-z][^<>]*>./i, says: 'This is a piece of HTML or XML: send the address in it alone.' },
  {
    form: /^(?:hxxps?|https?\[)|\[\.?\]|\(\.\)|\[dot\]/i,
    says: 'The address is made unclickable: write http and dots.',
  },
  { form: /\ufffd/, says: 'A character was lost when the list was converted, and U+FFFD stands in its place.' },
  { form: /^https?:\/\/https?(?::|\/\/)/i, says: 'The scheme stands twice: write it once.' },
  {
    form: /^https?(?:[;.,]?\/\/|:\/?(?!\/)|:\/{3})|^\/\/(?!\/)/i,
    says: 'A URL begins with http:// or https://, with a colon and two slashes.',
  },
  { form: /^[a-z]:\\/i, says: 'This is the path of a file: send the list in it.' },
  { form: /^\/(?!\/)/, says: 'This is a path without its host: put https:// and the host before it.' },
  { form: /^\*?\./, says: 'Send the domain alone, without what stands before its first letter.' },
  {
    form: /^["'`´“”„‘’‚«»‹›<([{]|^\S*["'`´“”‘’«»‹›>)\]}]$/,
    says: 'Quotation marks or brackets stand around the target: remove them.',
  },
  { form: /^[^\s/]+[,;|]$/, says: 'A separator stands behind the target: remove it, or send the list as text/csv.' },
  {
    form: /^[^\s,;|]+\s*[,;|]\s*\S|\S\t\S/,
    says: 'The row holds more than one target, or a target and more: send one target per row. Of a CSV, column= names the column with the targets.',
  },
  {
    form: /\s(?:#|\/\/|;)/,
    says: 'A note stands behind the target: notes have lines of their own, which begin with #.',
  },
];

/** Why a row is invalid and what to do, in more detail where it has a form that people often send. */
export function explainInvalid({ code, input }: { readonly code: InvalidCode; readonly input: string }): string {
  if (!VAGUE.includes(code)) return INVALID_CODES[code];
  const row = trimRow(input.slice(0, MAX_TARGET_LENGTH));
  const named = trimRow(row.replace(DOMAIN_PREFIX, ''));
  if (named !== row && /^[^\s/?#:]*[/?#:]/.test(named)) return BEHIND_PREFIX;
  return FORMS.find(({ form }) => form.test(named))?.says ?? INVALID_CODES[code];
}

const BEHIND_PREFIX =
  'Behind domain: a host name stands alone: remove its path and port, or send the page without domain:.';

/** Codes of rows that are neither a host name nor a URL. The other codes say exactly what is wrong. */
const VAGUE: readonly InvalidCode[] = [
  'single_label',
  'page_without_scheme',
  'unsupported_scheme',
  'credentials_in_url',
  'whitespace',
  'unknown_tld',
  'not_a_url',
  'malformed',
];
