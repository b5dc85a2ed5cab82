import type { InvalidCode } from '../error-codes.js';

/** Invisible marks that are part of no word. At the ends of a row they come from copying; inside they change the target unseen. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;
const AROUND = /[\s\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;
/** The prefix of domains in disavow files and in Search Console. */
export const DOMAIN_PREFIX = /^(?:sc-)?domain:/i;
const FIRST_SHOWN = 0x21;
const LAST_SHOWN = 0x7e;

/** A row's text without white space and invisible marks at its ends. */
export function trimRow(input: string): string {
  let to = input.length;
  while (to > 0 && isAround(input, to - 1)) to--;
  let from = 0;
  while (from < to && isAround(input, from)) from++;
  return input.slice(from, to);
}

function isAround(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code < FIRST_SHOWN || code > LAST_SHOWN) && AROUND.test(text.charAt(at));
}

/** What is wrong with the characters of a trimmed row; null if nothing is. */
export function faultInCharacters(text: string): InvalidCode | null {
  if (INVISIBLE.test(text)) return 'invisible_character';
  if (/[\s\p{Cc}]/u.test(text)) return 'whitespace';
  // Half of a surrogate pair has no UTF-8 form: it would be sent as another character.
  return text === '' || /\p{Cs}/u.test(text) ? 'malformed' : null;
}
