import type { SubmissionFields, TextListOptions } from '@linkhaul/client/service';
import { ENDPOINTS, type EndpointName, endpointOf } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import {
  flag,
  jsonObject,
  type Options,
  oneOf,
  option,
  pairs,
  required,
  short,
  text,
  usd,
  type Values,
  wholeNumber,
} from '../arguments/option.js';
import { badInput } from '../failure.js';
import { LIST_FORMATS, type ListFormat } from './format.js';

export const ENDPOINT_NAMES = Object.keys(ENDPOINTS).filter((name): name is EndpointName => name in ENDPOINTS);
const MOST_ROWS = 10_000_000;
const MOST_ITEMS = 1_000_000_000;

/** What a list and the questions about it are described by: for `submit` and `estimate`. */
export const LIST_OPTIONS = {
  endpoint: short('e', required('NAME', ENDPOINT_NAMES.join(', '), oneOf(ENDPOINT_NAMES))),
  format: option('FORMAT', `${LIST_FORMATS.join(', ')}; by the file's name unless told`, oneOf(LIST_FORMATS)),
  column: option('NAME|N', 'CSV: the column of the targets, by name or number from 1', text),
  'id-column': option('NAME|N', 'CSV: the column of your own ids', text),
  header: option('WHEN', 'CSV: auto, true, false', oneOf(['auto', 'true', 'false'])),
  params: option('JSON', "the endpoint's own parameters", jsonObject),
  tag: short('t', option('TAG', 'your name for a series of runs', text)),
  metadata: pairs('a pair that the job keeps'),
  'max-cost': option('USD', 'what the job may cost at most', usd),
  'max-items': option('N|all', 'items a target, of list endpoints (1000)', itemLimit),
  'target-as': option('FORM', 'given, host, domain: what each row is asked as', oneOf(['given', 'host', 'domain'])),
  'keep-www': flag('keep the www. of bare hosts'),
  'expect-rows': option('N', 'refuse a list of any other count', wholeNumber(1, MOST_ROWS)),
  'on-invalid': option('ACTION', 'skip (default) or reject', oneOf(['skip', 'reject'])),
} as const satisfies Options;

/** How the job runs: for `submit`. */
export const RUN_OPTIONS = {
  'on-budget': option('ACTION', 'pause (default) or finish', oneOf(['pause', 'finish'])),
  deadline: option('TIME', 'RFC 3339; then the same as at the end of the budget', text),
  'on-overlap': option('ACTION', 'allow (default) or reject a second run of a tag', oneOf(['allow', 'reject'])),
  start: option('WHEN', 'auto (default), or manual: priced, then paused', oneOf(['auto', 'manual'])),
  'retention-days': option('N', 'how long results are kept', wholeNumber(1, 100_000)),
  webhook: option('URL', 'gets signed events of the job', text),
} as const satisfies Options;

export type ListValues = Values<typeof LIST_OPTIONS>;
type RunValues = Values<typeof RUN_OPTIONS>;

/** A job's fields as they were given. */
export function listFields(values: ListValues): SubmissionFields {
  const { metadata } = values;
  refuseItemsOfBulk(values);
  return {
    endpoint: values.endpoint,
    params: values.params,
    tag: values.tag,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    max_cost_usd: values['max-cost'],
    max_items_per_target: values['max-items'],
    target_as: values['target-as'],
    keep_www: values['keep-www'] || undefined,
    expect_rows: values['expect-rows'],
    on_invalid: values['on-invalid'],
  };
}

/** Bulk endpoints have an item a target: a limit would hold back nothing. */
function refuseItemsOfBulk({ endpoint, 'max-items': maxItems }: ListValues): void {
  if (maxItems === undefined || endpointOf(endpoint).kind === 'list') return;
  const lists = ENDPOINT_NAMES.filter((name) => endpointOf(name).kind === 'list');
  throw badInput(`--max-items goes with ${lists.join(', ')}: ${endpoint} brings one item a target.`);
}

export function runFields(values: RunValues): Omit<SubmissionFields, 'endpoint'> {
  return {
    on_budget: values['on-budget'],
    deadline: values.deadline,
    on_overlap: values['on-overlap'],
    start: values.start,
    retention_days: values['retention-days'],
    webhook: values.webhook === undefined ? undefined : { url: values.webhook },
  };
}

const OF_CSV = ['column', 'id-column', 'header'] as const;

/** Which columns of a CSV list count. Of any other list there are none to be named. */
export function csvOptions(
  values: ListValues,
  format: ListFormat,
): Pick<TextListOptions, 'column' | 'idColumn' | 'header'> {
  const { column, header } = values;
  const misplaced = format === 'csv' ? undefined : OF_CSV.find((name) => values[name] !== undefined);
  if (misplaced !== undefined) throw badInput(`--${misplaced} goes with CSV: --format csv says that the list is that.`);
  const hasHeader = header === undefined || header === 'auto' ? undefined : header === 'true';
  return given({ column, idColumn: values['id-column'], header: hasHeader });
}

/** Null is all. */
function itemLimit(given: string): number | null {
  if (given === 'all') return null;
  if (!/^\d{1,10}$/.test(given)) throw badInput('must be a whole number, or all');
  return wholeNumber(1, MOST_ITEMS)(given);
}
