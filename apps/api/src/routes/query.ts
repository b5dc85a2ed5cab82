import { nearest } from '@linkhaul/schemas';
import { invalidRequest, notAvailable } from '../problem.js';

interface QueryRules {
  readonly known: readonly string[];
  readonly notAvailable?: readonly string[];
}

/** Refuses query parameters that the route does not know: a misspelt filter must not answer with everything. */
export function checkQuery(query: Record<string, string>, rules: QueryRules): Record<string, string> {
  for (const name of Object.keys(query)) {
    if (rules.known.includes(name)) continue;
    if (rules.notAvailable?.includes(name)) throw notAvailable(`\`${name}\``, name);
    const near = nearest(name, rules.known);
    throw invalidRequest(name, `this parameter does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
  }
  return query;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** `limit`: 100 unless told, at most 1,000. */
export function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MAX_LIMIT) {
    throw invalidRequest('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return Number(text);
}
