import { type Columns, ROW_STATUSES, rowStatus } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest } from '../problem.js';
import type { Listing, StatusFilter } from '../results/batch.js';
import { csvForm, type Form, NDJSON, ordered, pairsForm } from '../results/forms.js';
import { canBeOrdered } from '../results/line-order.js';
import { readPage } from '../results/page.js';
import { parquetForm } from '../results/parquet.js';
import type { AppEnv } from '../services.js';
import { type Sending, sendLines } from './download.js';
import { parseCsvOptions, parseFlag, parseLimit, type Query } from './query.js';

export const ROWS_QUERY = ['format', 'status', 'cursor', 'limit', 'download', 'spreadsheet'];
export const RESULTS_QUERY = [...ROWS_QUERY, 'maps'];

interface ListingRequest extends Sending {
  readonly query: Query;
  readonly columns: Columns;
}

/** Answers with a page of JSON, or with all lines in another form. */
export async function answerWith(c: Context<AppEnv>, listing: Listing, request: ListingRequest): Promise<Response> {
  const { query, columns } = request;
  const { name, job } = listing;
  const filter = query.status === undefined ? null : parseStatus(query.status);
  const form = parseForm(query, { listing, columns });
  if (parseFlag(query, 'download')) {
    const extension = form?.extension ?? 'json';
    c.header('content-disposition', `attachment; filename="${job.description.id}-${name}.${extension}"`);
  }
  if (form !== null) return sendLines(c, listing, { ...request, form, filter });
  const { cursor, limit } = query;
  const page = await readPage(listing, { filter: filter ?? (() => true), cursor, limit: parseLimit(limit) });
  return c.json({
    [name]: page.lines,
    next_cursor: page.next,
    ...(name === 'results' && { done: page.next === null }),
  });
}

interface Listed {
  readonly listing: Listing;
  readonly columns: Columns;
}

/** Null for pages of JSON. */
function parseForm(query: Query, { listing: { name, job }, columns }: Listed): Form | null {
  const { format = 'json', maps } = query;
  const csv = parseCsvOptions(query);
  if (maps !== undefined && maps !== 'pairs') throw invalidRequest('maps', 'must be pairs');
  if (maps !== undefined && format !== 'ndjson') throw invalidRequest('maps', 'goes with format=ndjson');
  if (format === 'json') return null;
  const { endpoint } = job.description;
  const orderedIf = (wanted: boolean, form: Form) => (wanted && canBeOrdered(job, name) ? ordered(form) : form);
  const forms = [
    maps === undefined ? orderedIf(name === 'rows', NDJSON) : pairsForm(endpoint),
    orderedIf(name === 'rows' || csv.spreadsheet, csvForm(columns, csv)),
  ];
  if (name === 'results') forms.push(parquetForm(job.description));
  const form = forms.find(({ extension }) => extension === format);
  const names = ['json', ...forms.map(({ extension }) => extension)];
  if (form === undefined) throw invalidRequest('format', `must be one of ${names.join(', ')}`);
  const paging = ['cursor', 'limit'].find((parameter) => query[parameter] !== undefined);
  if (paging !== undefined) throw invalidRequest(paging, `goes with format=json: ${format} streams all`);
  return form;
}

function parseStatus(text: string): StatusFilter {
  const wanted = new Set<string>(text.split(','));
  for (const name of wanted) {
    if (!rowStatus.safeParse(name).success) {
      throw invalidRequest('status', `must be some of ${ROW_STATUSES.join(', ')}, separated by commas`);
    }
  }
  return (status) => wanted.has(status);
}
