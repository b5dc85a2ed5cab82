import { PROBLEMS, type ProblemCode } from '@linkhaul/schemas';
import type { Route } from '../routing/route.js';

/** Codes of every route that reads a body, even an empty one. */
const READING: readonly ProblemCode[] = [
  'invalid_json',
  'invalid_compression',
  'body_incomplete',
  'body_timeout',
  'body_too_large',
  'unsupported_media_type',
];

/** Codes of a list of targets. */
const LIST: readonly ProblemCode[] = ['invalid_encoding', 'invalid_rows'];

/** Codes of every route that takes a key. */
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

/** Every problem code of a route: its own, and those that follow from its access and body. */
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
