import {
  type Endpoint,
  endpointName,
  endpointOf,
  RESERVED_PARAMS,
  type Submission,
  submission,
} from '@linkhaul/schemas';
import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { fieldErrors, unknownName } from '../../request/field-errors.js';
import { type FieldSource, pointTo } from '../../request/pointers.js';
import { refuseUserInfo } from './receiver.js';

/** The fields that come with a list, and the field of a JSON body that holds the list. */
export interface FieldForm<Fields = unknown> {
  readonly schema: z.ZodType<Fields> & { readonly shape: Readonly<Record<string, z.ZodType>> };
  readonly list: 'targets' | 'list';
  /** Query parameters that are read elsewhere. */
  readonly beside: readonly string[];
}

export const JOB_FIELDS: FieldForm<Submission> = { schema: submission, list: 'targets', beside: ['wait_ms'] };

const WEBHOOK_FIELDS = ['url', 'events'];
const HOOK_FIELDS = ['pingback_url', 'postback_url'];
const receiver = z.object({ url: z.string() });

interface NameRules {
  readonly source: FieldSource;
  readonly form: FieldForm;
  readonly others?: readonly string[];
}

/** Refuses a field that does not exist, and suggests the one that was probably meant. */
export function refuseUnknownField(name: string, { source, form, others = [] }: NameRules): void {
  const known = [...Object.keys(form.schema.shape), ...others];
  if (known.includes(name)) return;
  throw invalidRequest(pointTo(source, [name]), unknownName(name, known));
}

/** An estimate spends nothing, so it never needs a budget. */
export type Purpose = 'job' | 'estimate';

interface FieldRules {
  readonly source: FieldSource;
  readonly purpose: Purpose;
}

/** The fields that every form has. */
export type CommonFields = Pick<
  Submission,
  'endpoint' | 'params' | 'max_items_per_target' | 'max_cost_usd' | 'deadline'
>;

/** Parses the fields that come with a list, including the endpoint's own parameters. */
export function parseFields<Fields extends CommonFields>(
  fields: Readonly<Record<string, unknown>>,
  form: FieldForm<Fields>,
  { source, purpose }: FieldRules,
): Fields {
  for (const name of Object.keys(fields)) judgeField(name, fields, { source, form });
  const parsed = form.schema.safeParse(fields);
  if (!parsed.success) throw fieldErrors(parsed.error.issues, { pointTo: at(source), value: fields });
  judgeBounds(parsed.data, { source, purpose });
  return { ...parsed.data, params: parseParams(endpointOf(parsed.data.endpoint), parsed.data.params, source) };
}

/** An unlimited list needs a budget, and a deadline must be in the future. */
function judgeBounds(
  { max_items_per_target: maxItems, max_cost_usd: maxCost, deadline }: CommonFields,
  { source, purpose }: FieldRules,
): void {
  if (purpose === 'job' && maxItems === null && maxCost === undefined) {
    throw invalidRequest(pointTo(source, ['max_cost_usd']), 'is required where max_items_per_target is null');
  }
  if (deadline !== undefined && Date.parse(deadline) <= Date.now()) {
    throw invalidRequest(pointTo(source, ['deadline']), 'is over already');
  }
}

/** Checks a field as far as the fields that were read before it allow. */
export function judgeField(
  name: string,
  fields: Readonly<Record<string, unknown>>,
  { source, form }: Pick<NameRules, 'source' | 'form'>,
): void {
  refuseUnknownField(name, { source, form });
  const value = fields[name];
  const parsed = form.schema.shape[name]?.safeParse(value);
  const known = name === 'webhook' ? WEBHOOK_FIELDS : [];
  if (parsed?.success === false) throw fieldErrors(parsed.error.issues, { pointTo: at(source, name), value, known });
  if (name === 'webhook') judgeWebhook(parsed?.data, source);
  if (HOOK_FIELDS.includes(name) && typeof value === 'string') refuseUserInfo(value, pointTo(source, [name]));
  const endpoint = endpointName.safeParse(fields.endpoint);
  const params = submission.shape.params.safeParse(fields.params);
  if ((name === 'endpoint' || name === 'params') && endpoint.success && params.success) {
    parseParams(endpointOf(endpoint.data), params.data, source);
  }
}

function judgeWebhook(webhook: unknown, source: FieldSource): void {
  const { data } = receiver.safeParse(webhook);
  if (data !== undefined) refuseUserInfo(data.url, pointTo(source, ['webhook', 'url']));
}

function parseParams(
  endpoint: Endpoint,
  params: Record<string, unknown>,
  source: FieldSource,
): Record<string, unknown> {
  const reserved = RESERVED_PARAMS.find((name) => Object.hasOwn(params, name));
  if (reserved !== undefined)
    throw invalidRequest(pointTo(source, ['params', reserved]), 'is set by Linkhaul: leave it out');
  const parsed = endpoint.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const known = Object.keys(endpoint.params.shape);
  throw fieldErrors(parsed.error.issues, { pointTo: at(source, 'params'), value: params, known });
}

/** Makes pointers below a field. */
function at(source: FieldSource, ...place: readonly string[]) {
  return (path: readonly PropertyKey[]) => pointTo(source, [...place, ...path]);
}
