import { endpointOf, nearest, RESERVED_PARAMS, type Submission, submission, UNAVAILABLE_FIELDS } from '@linkhaul/schemas';
import type { z } from 'zod';
import { ApiProblem, invalidRequest, notAvailable } from '../problem.js';

const KNOWN = Object.keys(submission.shape);

/** Refuses a field that does not exist, naming the one that was likely meant, and one that is not available yet. */
export function refuseUnknownField(name: string, others: readonly string[] = []): void {
  if (KNOWN.includes(name) || others.includes(name)) return;
  if ((UNAVAILABLE_FIELDS as readonly string[]).includes(name)) throw notAvailable(`\`${name}\``, name);
  const near = nearest(name, [...KNOWN, ...others]);
  throw invalidRequest(name, `this field does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
}

/** Judges the fields of a submission, the endpoint's own parameters included. */
export function parseFields(fields: Record<string, unknown>): Submission {
  for (const name of Object.keys(fields)) refuseUnknownField(name);
  if (fields.max_items_per_target === null) throw notAvailable('`max_items_per_target: null`', 'max_items_per_target');
  const parsed = submission.safeParse(fields);
  if (!parsed.success) throw fromIssues(parsed.error.issues, '');
  const events = parsed.data.webhook?.events?.filter((event) => event === 'job.paused' || event === 'job.resumed' || event === 'job.failed');
  if (events?.[0] !== undefined) throw notAvailable(`the event \`${events[0]}\``, '/webhook/events');
  return { ...parsed.data, params: parseParams(parsed.data) };
}

/** Fields given in the query: all are text, and those that hold an object are JSON. */
export function fieldsFromQuery(query: Record<string, string>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    refuseUnknownField(name);
    fields[name] = fromText(name, text);
  }
  return fields;
}

const NUMBERS = ['max_items_per_target', 'expect_rows'];
const FLAGS = ['keep_www'];
const OBJECTS = ['params', 'webhook', 'metadata'];

function fromText(name: string, text: string): unknown {
  if (NUMBERS.includes(name) && /^\d+$/.test(text)) return Number(text);
  if (FLAGS.includes(name) && (text === 'true' || text === 'false')) return text === 'true';
  if (!OBJECTS.includes(name)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest(name, 'must be a JSON object, percent-encoded');
  }
}

function parseParams({ endpoint, params }: Submission): Record<string, unknown> {
  const reserved = RESERVED_PARAMS.find((name) => name in params);
  if (reserved !== undefined) throw invalidRequest(`/params/${reserved}`, 'is ours to set: leave it out');
  const parsed = endpointOf(endpoint).params.safeParse(params);
  if (parsed.success) return parsed.data;
  throw fromIssues(parsed.error.issues, '/params', Object.keys(endpointOf(endpoint).params.shape));
}

function fromIssues(issues: readonly z.core.$ZodIssue[], base: string, known: readonly string[] = []): ApiProblem {
  const errors = issues.map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    return { pointer: `${base}/${path.map(String).join('/')}`, code: 'invalid', message: messageOf(issue, unknown, known) };
  });
  const detail = errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  return new ApiProblem('invalid_request', detail, { errors });
}

function messageOf(issue: z.core.$ZodIssue, unknown: string | undefined, known: readonly string[]): string {
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    return `this field does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`;
  }
  return issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : issue.message;
}
