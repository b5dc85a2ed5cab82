import type { SubmissionFields } from '@linkhaul/client/browser';
import type { EndpointName } from '@linkhaul/schemas';
import type { EndpointForm } from './parameters/parameter-form.js';
import { NO_PARAMS, numberOrText, type ParamsDraft, paramsOf } from './parameters/params.js';

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The fields of a job as they were typed, without its list. Empty texts are not sent. */
export interface Draft {
  readonly endpoint: EndpointName;
  readonly params: ParamsDraft;
  readonly tag: string;
  readonly maxCost: string;
  readonly onBudget: 'pause' | 'finish';
  /** In the user's own time zone, as the browser's field returns it. */
  readonly deadline: string;
  readonly webhook: string;
  readonly metadata: readonly Pair[];
  readonly maxItems: string;
  readonly maxAge: string;
  readonly hasAllItems: boolean;
  readonly targetAs: 'given' | 'host' | 'domain';
  readonly keepsWww: boolean;
  readonly onInvalid: 'skip' | 'reject';
  readonly isManual: boolean;
  readonly retentionDays: string;
}

export const EMPTY_DRAFT: Draft = {
  endpoint: 'bulk_pages_summary',
  params: NO_PARAMS,
  tag: '',
  maxCost: '',
  onBudget: 'pause',
  deadline: '',
  webhook: '',
  metadata: [],
  maxItems: '',
  maxAge: '',
  hasAllItems: false,
  targetAs: 'given',
  keepsWww: false,
  onInvalid: 'skip',
  isManual: false,
  retentionDays: '',
};

interface Given {
  readonly fields: SubmissionFields;
  /** Errors that the page itself finds, by the field names that the service's refusals use. */
  readonly errors: ReadonlyMap<string, string>;
}

/** The field, left out if it is empty. */
function text(name: 'tag' | 'max_age', value: string) {
  return value === '' ? {} : { [name]: value };
}

/** The fields of the submission, with the service's names. */
export function fieldsOf(draft: Draft, { params: forms, isPaged }: EndpointForm): Given {
  const errors = new Map<string, string>();
  const number = (name: string, text: string) => {
    const value = text.trim() === '' ? undefined : numberOrText(text);
    if (typeof value !== 'string') return value === undefined ? {} : { [name]: value };
    errors.set(name, 'must be a number');
    return {};
  };
  const params = paramsOf(forms, draft.params);
  const metadata = metadataOf(draft.metadata);
  const deadline = draft.deadline === '' ? null : new Date(draft.deadline);
  const fields: SubmissionFields = {
    endpoint: draft.endpoint,
    ...(Object.keys(params).length > 0 && { params }),
    ...text('tag', draft.tag),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...number('max_cost_usd', draft.maxCost.replace('$', '')),
    ...(draft.onBudget !== 'pause' && { on_budget: draft.onBudget }),
    ...(deadline !== null && !Number.isNaN(deadline.getTime()) && { deadline: deadline.toISOString() }),
    ...(draft.webhook.trim() !== '' && { webhook: { url: draft.webhook.trim() } }),
    ...(isPaged &&
      (draft.hasAllItems ? { max_items_per_target: null } : number('max_items_per_target', draft.maxItems))),
    ...text('max_age', draft.maxAge),
    ...(draft.targetAs !== 'given' && { target_as: draft.targetAs }),
    ...(draft.keepsWww && { keep_www: true }),
    ...(draft.onInvalid !== 'skip' && { on_invalid: draft.onInvalid }),
    ...(draft.isManual && { start: 'manual' as const }),
    ...number('retention_days', draft.retentionDays),
  };
  if (isPaged && draft.hasAllItems && fields.max_cost_usd === undefined && !errors.has('max_cost_usd')) {
    errors.set('max_cost_usd', 'A budget is needed where nothing else limits the items.');
  }
  return { fields, errors };
}

function metadataOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]));
}
