import { PROBLEMS, type ProblemCode } from '@linkhaul/schemas';
import type { Operation } from './operation.js';

/** Of any body that is read. */
const READING: readonly ProblemCode[] = [
  'invalid_json',
  'invalid_compression',
  'body_incomplete',
  'body_timeout',
  'body_too_large',
  'unsupported_media_type',
];

/** Of a body with a list of targets. */
const LIST: readonly ProblemCode[] = ['invalid_encoding', 'invalid_rows'];

const KEYED: readonly ProblemCode[] = [
  'unauthorized',
  'forbidden_origin',
  'invalid_request',
  'not_available',
  'internal_error',
  'unavailable',
];

const BY_ACCESS: Readonly<Record<Operation['access'], readonly ProblemCode[]>> = {
  open: [],
  any: KEYED,
  tenant: [...KEYED, 'forbidden'],
  admin: [...KEYED, 'forbidden'],
};

/** Every code that a route may refuse with: its own, and those that its access and its bodies bring. */
export function problemsOf({ access, bodies, problems = [] }: Operation): ProblemCode[] {
  const types = Object.keys(bodies ?? {});
  const takesList = types.some((type) => type !== 'application/json');
  const codes = [...problems, ...BY_ACCESS[access], ...(types.length > 0 ? READING : []), ...(takesList ? LIST : [])];
  const order = Object.keys(PROBLEMS);
  return [...new Set(codes)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
