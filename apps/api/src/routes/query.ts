import { nearest } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest } from '../problem.js';
import type { CsvOptions } from '../results/csv.js';

export type Query = Record<string, string>;

interface QueryRules {
  readonly known: readonly string[];
}

/** Parameters that are lists, in every route that has them: written `a,b`, or `a` and `b` each on its own. */
export const LISTS: readonly string[] = ['status', 'fields', 'group_by'];

/**
 * A request's query parameters; a list that is given several times is joined by commas. Any other may be given once, and
 * its bytes must be UTF-8: nothing is dropped or replaced.
 */
export function queryOf({ req }: Context): Query {
  const start = req.url.indexOf('?');
  const pairs =
    start === -1
      ? []
      : req.url
          .slice(start + 1)
          .split('&')
          .filter((pair) => pair !== '');
  const seen = new Map<string, string>();
  for (const pair of pairs) {
    const end = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decoded(pair.slice(0, end));
    if (name === null) throw invalidRequest('query', 'a name in it is not percent-encoded UTF-8');
    const value = decoded(pair.slice(end + 1));
    if (value === null) throw invalidRequest(name, 'is not percent-encoded UTF-8');
    const before = seen.get(name);
    if (before !== undefined && !LISTS.includes(name)) throw invalidRequest(name, 'is given twice');
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

/** Refuses query parameters that the route does not know: a misspelt filter must not answer with everything. */
export function checkQuery(query: Query, rules: QueryRules): Query {
  for (const name of Object.keys(query)) {
    if (rules.known.includes(name)) continue;
    const near = nearest(name, rules.known);
    throw invalidRequest(name, `this parameter does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
  }
  return query;
}

/** A parameter that is given as 1 or not at all. */
export function parseFlag(query: Query, name: 'download' | 'spreadsheet'): boolean {
  const value = query[name];
  if (value !== undefined && value !== '1') throw invalidRequest(name, 'must be 1');
  return value === '1';
}

/** `spreadsheet`, of every CSV. */
export function parseCsvOptions(query: Query): CsvOptions {
  const spreadsheet = parseFlag(query, 'spreadsheet');
  if (spreadsheet && query.format !== 'csv') throw invalidRequest('spreadsheet', 'goes with format=csv');
  return { spreadsheet };
}

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

/** `limit`: 100 unless told, at most 1,000. */
export function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MAX_LIMIT) {
    throw invalidRequest('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return Number(text);
}
