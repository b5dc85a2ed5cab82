import { PROBLEMS, type ProblemCode } from '@linkhaul/schemas';
import type { Route } from '../routing/route.js';

/** Of any body that is read, where none is needed too. */
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

/** Every code that a route may refuse with: its own, and those that follow from its access and its body. */
export function problemsOf({ method, access, takesList, problems = [] }: Route): ProblemCode[] {
  const readsBody = method === 'post' || method === 'put';
  const codes = [
    ...problems,
    ...(access === 'open' ? [] : KEYED),
    ...(readsBody ? READING : []),
    ...(takesList ? LIST : []),
  ];
  const order = Object.keys(PROBLEMS);
  return [...new Set(codes)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
