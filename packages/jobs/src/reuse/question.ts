import { createHash } from 'node:crypto';
import type { JobDescription } from '../job/description.js';

/**
 * What the calls of a job ask besides their targets: which upstream, which endpoint, with which parameters. Answers to the
 * same question of one tenant can be used for each other. Written `<tenant>/<hash>`.
 */
export type Question = string;

export type Asking = Pick<JobDescription, 'tenant' | 'upstreamHost' | 'endpoint' | 'params'>;

export function questionOf({ tenant, upstreamHost, endpoint, params }: Asking): Question {
  const asked = JSON.stringify([upstreamHost, endpoint, sorted(params)]);
  return `${tenant}/${createHash('sha256').update(asked).digest('base64url').slice(0, 22)}`;
}

/** The same parameters in another order are the same question. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([name, inner]) => [name, sorted(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
