import { nearest } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest } from '../problem.js';

/** The texts of a query's parameters, by name. */
export type Query = Readonly<Record<string, string>>;

/**
 * A request's query parameters. A list parameter may occur several times, and its values are joined by commas; any other only
 * once. A name or value that is not UTF-8 is refused rather than repaired.
 */
export function queryOf({ req }: Context, isList: (name: string) => boolean): Query {
  const start = req.url.indexOf('?');
  const pairs = start === -1 ? [] : req.url.slice(start + 1).split('&');
  const seen = new Map<string, string>();
  for (const pair of pairs.filter((text) => text !== '')) {
    const end = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decoded(pair.slice(0, end));
    if (name === null) throw invalidRequest('query', 'a name in it is not percent-encoded UTF-8');
    const value = decoded(pair.slice(end + 1));
    if (value === null) throw invalidRequest(name, 'is not percent-encoded UTF-8');
    const before = seen.get(name);
    if (before !== undefined && !isList(name)) throw invalidRequest(name, 'is given twice');
    seen.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(seen);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Refuses a parameter that the route does not have: with a misspelt filter, the answer would be unfiltered. */
export function refuseUnknownParameters(given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw invalidRequest(unknown, `this parameter does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
}
