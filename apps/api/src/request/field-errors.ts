import { nearest, type ProblemDetail } from '@linkhaul/schemas';
import type { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';

/** More errors than these are counted rather than named: they are usually one error many times. */
const MOST_NAMED = 20;

type Issue = z.core.$ZodIssue;

interface Judged {
  /** Makes the pointer of an error from the path of its value. */
  readonly pointTo: (path: readonly PropertyKey[]) => string;
  readonly value: unknown;
  /** The names that exist, to suggest a near one. */
  readonly known?: readonly string[];
}

/** A refusal that names what is wrong, within a bound. */
export function fieldErrors(issues: readonly Issue[], judged: Judged): ApiProblem {
  const errors: ProblemDetail[] = [];
  for (const issue of issues) {
    if (errors.length === MOST_NAMED) break;
    errors.push(...errorsOf(issue, judged, MOST_NAMED - errors.length));
  }
  const rest = issues.reduce((sum, issue) => sum + namesOf(issue).length, 0) - errors.length;
  return refuseFields(errors, rest);
}

/** A refusal that names the first error alone; `name` where what was parsed is one value. */
export function firstError({ issues: [issue] }: z.core.$ZodError, name?: string): ApiProblem {
  return invalidRequest(name ?? String(issue?.path[0]), issue?.message ?? '');
}

/** A refusal that names each wrong field, and how many more there are. */
export function refuseFields(errors: readonly ProblemDetail[], more = 0): ApiProblem {
  const named = errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  const detail = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return new ApiProblem('invalid_request', detail, { errors });
}

function errorsOf(issue: Issue, { pointTo, value, known = [] }: Judged, most: number): ProblemDetail[] {
  const error = (path: readonly PropertyKey[], message: string) => ({
    pointer: pointTo(path),
    code: 'invalid',
    message,
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, most).map((key) => error([...issue.path, key], unknownName(key, known)));
  }
  const given = valueAt(value, issue.path);
  const isMissing = issue.code !== 'custom' && given === undefined;
  return [error(issue.path, isMissing ? 'is required' : nearValue(issue, given) + issue.message)];
}

/** Suggests the value of a closed set that was probably meant, before the list of all. */
function nearValue(issue: Issue, given: unknown): string {
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = typeof given === 'string' ? nearest(given, values) : null;
  return near === null ? '' : `did you mean \`${near}\`? `;
}

/** One issue may stand for several names. */
function namesOf(issue: Issue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? issue.keys : [''];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

export function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `this field does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`;
}
