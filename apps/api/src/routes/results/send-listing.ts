import type { JobRecord } from '@linkhaul/jobs';
import { type Cursor, type Listing, readResults, START } from '@linkhaul/results';
import { type Columns, type RowStatus, resultColumns } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest } from '../../problem.js';
import type { Query } from '../../request/query.js';
import { csvForm, type Form, NDJSON, ordered, pairsForm } from '../../results/forms.js';
import { canBeOrdered } from '../../results/line-order.js';
import { readPage } from '../../results/page.js';
import { parquetForm } from '../../results/parquet.js';
import type { RouteServices } from '../../routing/route.js';
import type { AppEnv } from '../../services.js';
import { csvOptionsOf } from '../csv-options.js';
import { sendLines } from './send-lines.js';

/** The query of rows and of results, parsed. */
interface ListingQuery {
  readonly format: 'json' | 'ndjson' | 'csv' | 'parquet';
  readonly status?: readonly RowStatus[] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly download?: '1' | undefined;
  readonly spreadsheet?: '1' | undefined;
  readonly maps?: 'pairs' | undefined;
}

interface Sending {
  readonly query: ListingQuery;
  /** The query as it was sent: the parsed `limit` has a default, so it does not show whether the client gave one. */
  readonly given: Query;
  readonly services: RouteServices;
}

/** Answers with a job's results in the requested form. */
export function sendResults(c: Context<AppEnv>, job: JobRecord, sending: Sending): Promise<Response> {
  const pages = (from: Cursor) => readResults(job, from, sending.services);
  return sendListing(
    c,
    { name: 'results', job, all: () => pages(START), pages },
    { ...sending, columns: resultColumns(job.description.endpoint) },
  );
}

interface SendingListing extends Sending {
  readonly columns: Columns;
}

/** Answers with a page of JSON, or with all lines in another form. */
export async function sendListing(c: Context<AppEnv>, listing: Listing, sending: SendingListing): Promise<Response> {
  const { query, services } = sending;
  const { name, job } = listing;
  const statuses = query.status && new Set<string>(query.status);
  const filter = statuses === undefined ? null : (status: string) => statuses.has(status);
  const form = formOf(listing, sending);
  if (query.download !== undefined) {
    const extension = form?.extension ?? 'json';
    c.header('content-disposition', `attachment; filename="${job.description.id}-${name}.${extension}"`);
  }
  if (form !== null) return sendLines(c, listing, { services, form, filter });
  const { cursor, limit } = query;
  const page = await readPage(listing, { filter: filter ?? (() => true), cursor, limit });
  return c.json({
    [name]: page.lines,
    next_cursor: page.next,
    ...(name === 'results' && { done: page.next === null }),
  });
}

/** The form of the lines; null for a page of JSON. */
function formOf({ name, job }: Listing, { query, given, columns }: SendingListing): Form | null {
  const { format, maps } = query;
  const csv = csvOptionsOf(query);
  if (maps !== undefined && format !== 'ndjson') throw invalidRequest('maps', 'goes with format=ndjson');
  if (format === 'json') return null;
  const paging = ['cursor', 'limit'].find((parameter) => given[parameter] !== undefined);
  if (paging !== undefined) throw invalidRequest(paging, `goes with format=json: ${format} streams all`);
  const orderedIf = (wanted: boolean, form: Form) => (wanted && canBeOrdered(job, name) ? ordered(form) : form);
  switch (format) {
    case 'ndjson':
      return maps === undefined ? orderedIf(name === 'rows', NDJSON) : pairsForm(job.description.endpoint);
    case 'csv':
      return orderedIf(name === 'rows' || csv.spreadsheet, csvForm(columns, csv));
    case 'parquet':
      return parquetForm(job.description);
  }
}
