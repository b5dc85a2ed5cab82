import type { SubmissionFields, TextListOptions } from '@linkhaul/client/service';
import { ENDPOINTS, type EndpointName, endpointOf, isPaged, MOST_RETENTION_DAYS } from '@linkhaul/schemas';
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
const SEPARATORS = ['auto', 'none', ',', ';', 'tab', '|'] as const;
const MOST_ROWS = 10_000_000;
const MOST_ITEMS = 1_000_000_000;

/** The list and what to ask about it: for `submit` and `estimate`. */
export const LIST_OPTIONS = {
  endpoint: short('e', required('NAME', ENDPOINT_NAMES.join(', '), oneOf(ENDPOINT_NAMES))),
  format: option('FORMAT', `${LIST_FORMATS.join(', ')}; by default from the file's name`, oneOf(LIST_FORMATS)),
  column: option('NAME|N', 'CSV: the column with the targets (the URLs), by name or number from 1', text),
  'id-column': option('NAME|N', 'CSV: the column of your own ids', text),
  header: option('WHEN', 'CSV: auto, true, false', oneOf(['auto', 'true', 'false'])),
  separator: option('CHARACTER', `between columns: ${SEPARATORS.join(' ')}; none: the rows are no columns`, separator),
  charset: option('NAME', 'utf-8, utf-16, us-ascii, iso-8859-1, windows-1252, where it is not to be seen', text),
  params: option('JSON', "the endpoint's own parameters", jsonObject),
  tag: short('t', option('TAG', 'your name for a series of jobs', text)),
  metadata: pairs('a pair that the job keeps'),
  'max-cost': option('USD', 'what the job may cost at most', usd),
  'max-items': option('N|all', 'items a target, of list endpoints (1000)', itemLimit),
  'max-age': option('TIME', 'reuse answers that are not older: 12h, 7d', text),
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
  'retention-days': option('N', 'how long results are kept', wholeNumber(1, MOST_RETENTION_DAYS)),
  webhook: option('URL', 'gets signed events of the job', text),
  pingback: option('URL', 'is asked by GET when the job has ended; $id and $tag stand for those of the job', text),
  postback: option('URL', 'gets the job by POST when it has ended; the same', text),
} as const satisfies Options;

export type ListValues = Values<typeof LIST_OPTIONS>;
type RunValues = Values<typeof RUN_OPTIONS>;

/** The job's fields from the options. */
export function listFields(values: ListValues): SubmissionFields {
  const { metadata } = values;
  refuseItemsWithoutPages(values);
  return {
    endpoint: values.endpoint,
    params: values.params,
    tag: values.tag,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    max_cost_usd: values['max-cost'],
    max_items_per_target: values['max-items'],
    max_age: values['max-age'],
    target_as: values['target-as'],
    keep_www: values['keep-www'] || undefined,
    expect_rows: values['expect-rows'],
    on_invalid: values['on-invalid'],
  };
}

/** On an endpoint without pages, a limit on items would have no effect. */
function refuseItemsWithoutPages({ endpoint, 'max-items': maxItems }: ListValues): void {
  if (maxItems === undefined || isPaged(endpointOf(endpoint))) return;
  const lists = ENDPOINT_NAMES.filter((name) => isPaged(endpointOf(name)));
  throw badInput(`--max-items goes with ${lists.join(', ')}: ${endpoint} has no pages.`);
}

export function runFields(values: RunValues): Omit<SubmissionFields, 'endpoint'> {
  return {
    on_budget: values['on-budget'],
    deadline: values.deadline,
    on_overlap: values['on-overlap'],
    start: values.start,
    retention_days: values['retention-days'],
    webhook: values.webhook === undefined ? undefined : { url: values.webhook },
    pingback_url: values.pingback,
    postback_url: values.postback,
  };
}

const OF_CSV = ['column', 'id-column', 'header'] as const;
const OF_TEXT = ['separator', 'charset'] as const;

type ReadOptions = Pick<TextListOptions, 'format' | 'column' | 'idColumn' | 'header' | 'separator' | 'charset'>;

/** How the service must read the list. Options about columns are refused for a list without columns. */
export function readOptions(values: ListValues, format: ListFormat): ReadOptions {
  const { column, header, charset, separator = format === 'tsv' ? 'tab' : undefined } = values;
  const isSeparated = separator !== undefined && separator !== 'auto' && separator !== 'none';
  const hasColumns = format === 'csv' || format === 'tsv' || (format === 'text' && isSeparated);
  const misplaced = hasColumns ? undefined : OF_CSV.find((name) => values[name] !== undefined);
  if (misplaced !== undefined)
    throw badInput(`--${misplaced} goes with CSV: if the list is CSV, say so with --format csv.`);
  const isJson = format === 'json' || format === 'ndjson';
  const unfit = isJson ? OF_TEXT.find((name) => values[name] !== undefined) : undefined;
  if (unfit !== undefined) throw badInput(`--${unfit} goes with text and CSV: JSON has no columns, and is UTF-8.`);
  const hasHeader = header === undefined || header === 'auto' ? undefined : header === 'true';
  const form = { column, idColumn: values['id-column'], header: hasHeader, separator, charset };
  return { format: TRAVELS_AS[format], ...given(form) };
}

/** The format in which a list is sent: JSON becomes NDJSON, and TSV becomes CSV with the separator tab. */
const TRAVELS_AS = { text: 'text', csv: 'csv', tsv: 'csv', ndjson: 'ndjson', json: 'ndjson' } as const;

/** A tab may be typed as a tab, as `\t` or as `tab`. */
function separator(given: string): (typeof SEPARATORS)[number] {
  return given === '\t' || given === '\\t' ? 'tab' : oneOf(SEPARATORS)(given);
}

/** `all` is null: no limit. */
function itemLimit(given: string): number | null {
  if (given === 'all') return null;
  if (!/^\d{1,10}$/.test(given)) throw badInput('must be a whole number, or all');
  return wholeNumber(1, MOST_ITEMS)(given);
}
