import type { Listing, StatusFilter } from '@linkhaul/results';
import type { Context } from 'hono';
import { ApiProblem } from '../../problem.js';
import { isKnown, rangeOf, takesGzip } from '../../request/request-headers.js';
import { downloadOf } from '../../results/download-bytes.js';
import { tagOf } from '../../results/downloads.js';
import { type Form, linesOf } from '../../results/forms.js';
import { gzipped } from '../../results/gzip.js';
import { planUnderWay } from '../../results/ordered-rows.js';
import { packed, type Stored } from '../../results/stored.js';
import type { RouteServices } from '../../routing/route.js';
import type { AppEnv } from '../../services.js';
import { plain, streamBytes } from '../stream-bytes.js';
import { filesOf } from './finished-files.js';

interface Wanted {
  readonly services: RouteServices;
  readonly form: Form;
  /** Null passes every line. */
  readonly filter: StatusFilter | null;
}

/** Sends all lines in one form: a finished job's from its files, any other job's as far as they exist. */
export async function sendLines(c: Context<AppEnv>, listing: Listing, wanted: Wanted): Promise<Response> {
  const { form, filter, services } = wanted;
  const asGzip = form.gzip && takesGzip(c.req.header('accept-encoding'));
  const headers = {
    'content-type': form.type,
    ...(form.gzip && { vary: 'Accept-Encoding' }),
    ...(asGzip && { 'content-encoding': 'gzip' }),
  };
  if (listing.name === 'results' && listing.job.finishedAt !== null && filter === null) {
    return sendFinished(c, listing, { ...wanted, asGzip, headers });
  }
  if (listing.name === 'rows' && listing.job.storedRoots !== null) {
    throw planUnderWay();
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, headers);
  const pieces = form.encode(linesOf(listing.all(), filter ?? (() => true)));
  return streamBytes(c, asGzip ? gzipped(packed(pieces)) : plain(pieces), { headers, logger: services.logger });
}

/** A HEAD request waits this long for the files to be written. If that is too short, a later one gets their length. */
const HEAD_WITHIN_MS = 700;

interface Finished extends Wanted {
  readonly asGzip: boolean;
  readonly headers: Record<string, string>;
}

async function sendFinished(c: Context<AppEnv>, listing: Listing, finished: Finished): Promise<Response> {
  const { form, asGzip, services } = finished;
  const { downloads } = services;
  const { job } = listing;
  const etag = `"${tagOf(job, form)}${asGzip ? '.gz' : ''}"`;
  const headers = { ...finished.headers, etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' };
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  const ifRange = c.req.header('if-range');
  const range = ifRange === undefined || ifRange === etag ? c.req.header('range') : undefined;
  // The length is known only once the files are written: HEAD waits for that, but not for long.
  const isHead = c.req.method === 'HEAD';
  if (isHead && (await downloads.ensure(job, form, HEAD_WITHIN_MS)) === 'later') return c.body(null, 200, headers);
  // A range needs the length before the first byte, so the files are written first.
  const known = isHead || range !== undefined;
  const files = known ? await filesOf(job, form, services) : { job, stored: await downloads.find(job, form) };
  // The job's results have changed, and so has the entity tag: check the conditions again.
  if (files.job !== job) return sendFinished(c, { ...listing, job: files.job }, finished);
  const { stored } = files;
  if (stored !== null) return sendStored(c, stored, { ...finished, headers, range });
  const pieces = downloads.write(job, form);
  return streamBytes(c, asGzip ? gzipped(pieces) : plain(pieces), { headers, logger: services.logger });
}

async function sendStored(
  c: Context<AppEnv>,
  stored: Stored,
  { asGzip, headers, range: asked, services }: Finished & { range: string | undefined },
): Promise<Response> {
  const { logger, storage } = services;
  const { length, read } = downloadOf(stored, { asGzip, storage });
  const range = c.req.method === 'HEAD' ? null : rangeOf(asked, length);
  if (range === 'unsatisfiable') {
    throw new ApiProblem('range_not_satisfiable', `There are ${length} bytes: ask for a range within them.`, {
      headers: { 'content-range': `bytes */${length}` },
    });
  }
  const { from, to } = range ?? { from: 0, to: length };
  const sized = { ...headers, 'content-length': String(to - from) };
  if (c.req.method === 'HEAD') return c.body(null, 200, sized);
  if (range === null) return streamBytes(c, read(from, to), { headers: sized, logger });
  const partial = { ...sized, 'content-range': `bytes ${from}-${to - 1}/${length}` };
  return streamBytes(c, read(from, to), { status: 206, headers: partial, logger });
}
