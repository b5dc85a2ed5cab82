import { ROW_STATUSES, rowStatus } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { invalidRequest, notAvailable } from '../problem.js';
import type { Listing, StatusFilter } from '../results/batch.js';
import { START } from '../results/cursor.js';
import { ndjsonOf, readPage } from '../results/page.js';
import type { AppEnv, Services } from '../services.js';
import { parseLimit } from './query.js';
import { streamText } from './stream-text.js';

export const LISTING_QUERY = ['format', 'status', 'cursor', 'limit', 'download'];

interface ListingRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly logger: Services['logger'];
}

/** Answers with a page of JSON, or streams all lines as NDJSON. */
export async function answerWith(c: Context<AppEnv>, listing: Listing, request: ListingRequest): Promise<Response> {
  const { format = 'json', status, download, cursor, limit } = request.query;
  const { name, job } = listing;
  if (c.req.method === 'HEAD') throw notAvailable(`HEAD of ${name}`);
  const filter = parseStatus(status);
  judgeForm(name, { format, download });
  if (download === '1')
    c.header('content-disposition', `attachment; filename="${job.description.id}-${name}.${format}"`);
  if (format === 'ndjson') {
    const paging = cursor === undefined ? limit && 'limit' : 'cursor';
    if (paging) throw invalidRequest(paging, 'goes with format=json: ndjson streams all');
    return streamText(c, ndjsonOf(listing.batches(START), filter), {
      type: 'application/x-ndjson',
      logger: request.logger,
    });
  }
  const page = await readPage(listing, { filter, cursor, limit: parseLimit(limit) });
  return c.json({
    [name]: page.lines,
    next_cursor: page.next,
    ...(name === 'results' && { done: page.next === null }),
  });
}

function judgeForm(
  name: Listing['name'],
  { format, download }: { format: string; download: string | undefined },
): void {
  if (download !== undefined && download !== '1') throw invalidRequest('download', 'must be 1');
  if (format === 'csv' || (format === 'parquet' && name === 'results'))
    throw notAvailable(`format=${format}`, 'format');
  if (format !== 'json' && format !== 'ndjson') throw invalidRequest('format', 'must be json or ndjson');
}

function parseStatus(text: string | undefined): StatusFilter {
  if (text === undefined) return () => true;
  const wanted = new Set<string>(text.split(','));
  for (const name of wanted) {
    if (!rowStatus.safeParse(name).success) {
      throw invalidRequest('status', `must be some of ${ROW_STATUSES.join(', ')}, separated by commas`);
    }
  }
  return (status) => wanted.has(status);
}
