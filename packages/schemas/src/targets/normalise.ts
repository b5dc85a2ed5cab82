import { nameInAnyRow } from './any-row.js';
import { type Normalised, type NormaliseOptions, targetOf } from './normalised.js';
import { nameInPlainRow } from './plain-row.js';

/**
 * A row in the upstream's normal form: a URL with http or https is a page, a bare host a domain or subdomain.
 * The scope is never changed silently: what does not fit is invalid, each with its own code.
 * Pure, and a fixed point: a normal form normalises to itself.
 */
export function normaliseTarget(input: string, options: NormaliseOptions): Normalised {
  const named = nameInPlainRow(input) ?? nameInAnyRow(input, options.as !== 'given');
  return named.ok ? targetOf(named, options) : named;
}
