import {
  type Endpoint,
  endpointName,
  endpointOf,
  nearest,
  RESERVED_PARAMS,
  type Submission,
  submission,
} from '@linkhaul/schemas';
import type { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';
import { refuseUserInfo } from '../routes/receiver.js';
import { type FieldSource, pointTo } from './pointers.js';

const SHAPE: Readonly<Record<string, z.ZodType>> = submission.shape;
const KNOWN = Object.keys(SHAPE);
const WEBHOOK_FIELDS = ['url', 'events'];

interface NameRules {
  readonly source: FieldSource;
  readonly others?: readonly string[];
}

/** Refuses a field that does not exist, naming the one that was likely meant. */
export function refuseUnknownField(name: string, { source, others = [] }: NameRules): void {
  if (KNOWN.includes(name) || others.includes(name)) return;
  const pointer = pointTo(source, [name]);
  throw invalidRequest(pointer, unknownName(name, [...KNOWN, ...others]));
}

/** An estimate spends nothing, so that it needs no budget where a job does. */
export type Purpose = 'job' | 'estimate';

interface FieldRules {
  readonly source: FieldSource;
  readonly purpose: Purpose;
}

/** Judges the fields of a submission, the endpoint's own parameters included. */
export function parseFields(fields: Readonly<Record<string, unknown>>, { source, purpose }: FieldRules): Submission {
  for (const name of Object.keys(fields)) judgeField(name, fields, source);
  const parsed = submission.safeParse(fields);
  if (!parsed.success) throw fromIssues(parsed.error.issues, { source, path: [], value: fields });
  judgeBounds(parsed.data, { source, purpose });
  return { ...parsed.data, params: parseParams(endpointOf(parsed.data.endpoint), parsed.data.params, source) };
}

/** A list without end needs a budget, and a deadline must be ahead. */
function judgeBounds(
  { max_items_per_target: maxItems, max_cost_usd: maxCost, deadline }: Submission,
  { source, purpose }: FieldRules,
): void {
  if (purpose === 'job' && maxItems === null && maxCost === undefined) {
    throw invalidRequest(pointTo(source, ['max_cost_usd']), 'is required where max_items_per_target is null');
  }
  if (deadline !== undefined && Date.parse(deadline) <= Date.now()) {
    throw invalidRequest(pointTo(source, ['deadline']), 'is over already');
  }
}

/** Judges a field as far as can be told from those that are there by now. */
export function judgeField(
  name: string,
  fields: Readonly<Record<string, unknown>>,
  source: FieldSource = 'json',
): void {
  refuseUnknownField(name, { source });
  const value = fields[name];
  const parsed = SHAPE[name]?.safeParse(value);
  const known = name === 'webhook' ? WEBHOOK_FIELDS : [];
  if (parsed?.success === false) throw fromIssues(parsed.error.issues, { source, path: [name], value, known });
  if (name === 'webhook') judgeWebhook(submission.shape.webhook.parse(value), source);
  const endpoint = endpointName.safeParse(fields.endpoint);
  const params = submission.shape.params.safeParse(fields.params);
  if ((name === 'endpoint' || name === 'params') && endpoint.success && params.success) {
    parseParams(endpointOf(endpoint.data), params.data, source);
  }
}

function judgeWebhook(webhook: Submission['webhook'], source: FieldSource): void {
  if (webhook) refuseUserInfo(webhook.url, pointTo(source, ['webhook', 'url']));
}

function parseParams(
  endpoint: Endpoint,
  params: Record<string, unknown>,
  source: FieldSource,
): Record<string, unknown> {
  const reserved = RESERVED_PARAMS.find((name) => Object.hasOwn(params, name));
  if (reserved !== undefined)
    throw invalidRequest(pointTo(source, ['params', reserved]), 'is ours to set: leave it out');
  const parsed = endpoint.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const known = Object.keys(endpoint.params.shape);
  throw fromIssues(parsed.error.issues, { source, path: ['params'], value: params, known });
}

interface IssuePlace {
  readonly source: FieldSource;
  /** Where the judged value stands. */
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** Names that may stand there. */
  readonly known?: readonly string[];
}

function fromIssues(issues: readonly z.core.$ZodIssue[], { source, path, value, known = [] }: IssuePlace): ApiProblem {
  const errors = issues.flatMap((issue) => {
    const here = [...path, ...issue.path];
    const error = (at: readonly PropertyKey[], message: string) => ({
      pointer: pointTo(source, at),
      code: 'invalid',
      message,
    });
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => error([...here, key], unknownName(key, known)));
    const isMissing = issue.code !== 'custom' && valueAt(value, issue.path) === undefined;
    return [error(here, isMissing ? 'is required' : issue.message)];
  });
  const detail = errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  return new ApiProblem('invalid_request', detail, { errors });
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
