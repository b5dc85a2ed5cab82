import { nearest } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest } from '../problem.js';

/** The texts of a query's parameters, by name. */
export type Query = Readonly<Record<string, string>>;

/**
 * A request's query parameters. A list may be given several times and is joined by commas; any other parameter only once. The
 * bytes must be UTF-8: nothing is dropped or replaced.
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

/** Refuses a parameter that the route does not have: a misspelt filter would answer with everything. */
export function refuseUnknownParameters(given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw invalidRequest(unknown, `this parameter does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
}
