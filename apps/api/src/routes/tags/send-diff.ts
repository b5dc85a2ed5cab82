import type { Diff } from '@linkhaul/results';
import { CHANGES, type DiffSummary } from '@linkhaul/schemas';
import type { Context } from 'hono';
import type { DiffForm } from '../../diff/forms.js';
import { isMade, writeDiff } from '../../diff/write-diff.js';
import { takesGzip } from '../../request/request-headers.js';
import { gzipped } from '../../results/gzip.js';
import { packed } from '../../results/stored.js';
import type { AppEnv, Services } from '../../services.js';
import { plain, streamBytes } from '../stream-bytes.js';

interface Sending {
  readonly form: DiffForm;
  readonly summary: Omit<DiffSummary, 'counts'>;
  readonly isDownload: boolean;
  readonly services: Services;
}

/** The answer waits this long for the counts, which go into a header. After that it begins without them. */
const COUNTS_WITHIN_MS = 1000;
const COUNTS = 'x-linkhaul-counts';

/** Sends a comparison, which may still be under way, in the form that was asked for. */
export async function sendDiff(c: Context<AppEnv>, made: Promise<Diff>, sending: Sending): Promise<Response> {
  const { form, summary, isDownload, services } = sending;
  const asGzip = takesGzip(c.req.header('accept-encoding'));
  const isHead = c.req.method === 'HEAD';
  const known = isHead || (await isMade(made, COUNTS_WITHIN_MS)) ? await made : null;
  const headers = {
    'content-type': form.type,
    vary: 'Accept-Encoding',
    'x-linkhaul-job': summary.job,
    ...(known !== null && { [COUNTS]: countsText(known) }),
    ...(asGzip && { 'content-encoding': 'gzip' }),
    ...(isDownload && { 'content-disposition': `attachment; filename="${summary.job}-diff.${form.extension}"` }),
  };
  if (isHead) {
    await known?.close();
    return c.body(null, 200, headers);
  }
  const summaryOf = (diff: Diff) => {
    if (known === null) c.env.outgoing.addTrailers({ [COUNTS]: countsText(diff) });
    return { ...summary, counts: diff.counts };
  };
  const pieces = writeDiff({ made, form, summaryOf });
  const trailer = known === null ? COUNTS : undefined;
  return streamBytes(c, asGzip ? gzipped(packed(pieces)) : plain(pieces), {
    headers,
    trailer,
    logger: services.logger,
  });
}

function countsText({ counts }: Diff): string {
  return CHANGES.map((name) => `${name}=${counts[name]}`).join(', ');
}
