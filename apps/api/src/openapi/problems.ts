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

/** Of all that takes a key. */
const KEYED: readonly ProblemCode[] = [
  'unauthorized',
  'forbidden',
  'forbidden_origin',
  'invalid_request',
  'not_available',
  'too_many_requests',
  'internal_error',
  'unavailable',
];

/** Every code that a route may refuse with: its own, and those that its access and its bodies bring. */
export function problemsOf({ access, bodies, problems = [] }: Operation): ProblemCode[] {
  const types = Object.keys(bodies ?? {});
  const takesList = types.some((type) => type !== 'application/json');
  const codes = [
    ...problems,
    ...(access === 'open' ? [] : KEYED),
    ...(types.length > 0 ? READING : []),
    ...(takesList ? LIST : []),
  ];
  const order = Object.keys(PROBLEMS);
  return [...new Set(codes)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
