import type { JobRecord } from '@linkhaul/jobs';
import { CHANGES, type DiffSummary, endpointOf } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { createDiff, type Diff } from '../diff/create-diff.js';
import { type DiffField, parseFields } from '../diff/fields.js';
import { DIFF_JSON, DIFF_NDJSON, type DiffForm, diffCsv } from '../diff/forms.js';
import { isMade, writeDiff } from '../diff/write-diff.js';
import { ApiProblem, invalidRequest } from '../problem.js';
import { gzipped } from '../results/gzip.js';
import { packed } from '../results/stored.js';
import type { AppEnv, Services } from '../services.js';
import { takesGzip } from './conditions.js';
import { plain } from './download.js';
import { checkQuery, parseCsvOptions, parseFlag, type Query, queryOf } from './query.js';
import { streamBytes } from './stream-bytes.js';
import { jobsOfTag, requireOneEndpoint } from './tag-jobs.js';

const KNOWN = ['endpoint', 'base_job', 'job', 'fields', 'min_change', 'include', 'format', 'download', 'spreadsheet'];

/** Each reads two jobs whole and sorts them. */
const MOST_AT_ONCE = 2;

/** `GET /v1/tags/:tag/diff`: what changed between two runs, by default the latest two. */
export function diff(services: Services): Hono<AppEnv> {
  let running = 0;
  return new Hono<AppEnv>().get('/v1/tags/:tag/diff', async (c) => {
    const query = checkQuery(queryOf(c), { known: KNOWN });
    const tag = c.req.param('tag');
    const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint: query.endpoint }, services);
    const pair = pairOf(jobs, query);
    const fields = parseFields(query.fields, pair.job.description.endpoint);
    const form = parseForm(query, pair.job, fields);
    const minChange = parseMinChange(query.min_change);
    const includeSame = parseInclude(query.include);
    const isDownload = parseFlag(query, 'download');
    if (running >= MOST_AT_ONCE) {
      throw new ApiProblem('unavailable', 'Other comparisons are being made: try again soon.', {
        headers: { 'retry-after': '10' },
      });
    }
    running++;
    const { outgoing } = c.env;
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const request = { ...pair, fields, minChange, includeSame, signal: gone.signal };
    const made = createDiff(request, services).finally(() => running--);
    const ids = { base_job: pair.base.description.id, job: pair.job.description.id };
    const names = fields.map(({ name }) => name);
    const summary = { tag, endpoint: pair.job.description.endpoint, ...ids, fields: names };
    try {
      return await send(c, made, { form, isDownload, summary, services });
    } catch (error) {
      // Nobody is there to be told.
      if (gone.signal.aborted) return new Response(null, { status: 499 });
      throw error;
    }
  });
}

interface Sending {
  readonly form: DiffForm;
  readonly summary: Omit<DiffSummary, 'counts'>;
  readonly isDownload: boolean;
  readonly services: Services;
}

/** So long a comparison may take for its counts to stand in the header; then the answer begins without them. */
const COUNTS_WITHIN_MS = 1000;
const COUNTS = 'x-linkhaul-counts';

async function send(c: Context<AppEnv>, made: Promise<Diff>, sending: Sending): Promise<Response> {
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

/**
 * The two that are named, or the latest two that have completed, also where they are run again by now: `base_job` is the
 * one before `job`. They are never one job.
 */
function pairOf(
  jobs: readonly JobRecord[],
  { base_job: baseId, job: jobId }: Query,
): { base: JobRecord; job: JobRecord } {
  const named = (id: string) => {
    const found = jobs.find(({ description }) => description.id === id);
    if (found === undefined) throw new ApiProblem('not_found', `There is no job ${id} of this tag.`);
    if (found.finishedAt === null && !found.good) throw new ApiProblem('conflict', `The job ${id} is not finished.`);
    return found;
  };
  if (baseId !== undefined && baseId === jobId) {
    throw invalidRequest('base_job', 'is the same as `job`: name another one, or leave one of them out');
  }
  const completed = jobs.filter(({ status, good }) => status === 'completed' || good);
  if (jobId === undefined) requireOneEndpoint(completed);
  const job = jobId === undefined ? completed.find(({ description }) => description.id !== baseId) : named(jobId);
  const older = completed.filter(
    ({ description }) => job !== undefined && description.id < job.description.id && isLike(description, job),
  );
  const base = baseId === undefined ? older[0] : named(baseId);
  if (job === undefined || base === undefined) {
    throw new ApiProblem('not_found', 'There are no two completed jobs of this tag to compare.');
  }
  if (!isLike(base.description, job))
    throw new ApiProblem('conflict', 'Jobs of two endpoints have nothing to compare.');
  return { base, job };
}

function isLike({ endpoint }: JobRecord['description'], { description }: JobRecord): boolean {
  return endpoint === description.endpoint;
}

function parseForm(query: Query, { description }: JobRecord, fields: readonly DiffField[]): DiffForm {
  const { format = 'json' } = query;
  const endpoint = endpointOf(description.endpoint);
  const keys = ['target', ...(endpoint.kind === 'list' ? [endpoint.keyField] : [])];
  const forms = [DIFF_JSON, DIFF_NDJSON, diffCsv({ keys, fields, options: parseCsvOptions(query) })];
  const form = forms.find(({ extension }) => extension === format);
  if (form === undefined) throw invalidRequest('format', 'must be json, ndjson or csv');
  return form;
}

function parseMinChange(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) throw invalidRequest('min_change', 'must be a number, 0 or more');
  return Number(text);
}

function parseInclude(text: string | undefined): boolean {
  if (text !== undefined && text !== 'same') throw invalidRequest('include', 'must be same');
  return text === 'same';
}
