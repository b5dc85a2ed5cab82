import { isJobId, type JobRecord } from '@linkhaul/jobs';
import { type EndpointName, endpointName, JOB_STATUSES, type JobsPage, jobStatus } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { invalidRequest } from '../problem.js';
import { unknownCursor } from '../results/cursor.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, parseLimit, type Query, queryOf } from './query.js';
import { showJob } from './show-job.js';

/** Jobs looked at for one page: a rare filter must not read a tenant's whole history in one request. */
const MOST_SCANNED = 5_000;
const BATCH = 200;

/** `GET /v1/jobs`: newest first. A page may be short while `next_cursor` is not null: the filter goes on behind it. */
export function listJobs(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs', async (c) => {
    const query = queryOf(c);
    const matches = filterFrom(query);
    const limit = parseLimit(query.limit);
    const jobs: JobRecord[] = [];
    let before = parseJobCursor(query.cursor);
    for (let scanned = 0; scanned < MOST_SCANNED && jobs.length < limit; scanned += BATCH) {
      const page = await services.store.list(c.get('tenant'), { before, limit: BATCH });
      const found = page.items.filter(matches);
      const taken = found.slice(0, limit - jobs.length);
      jobs.push(...taken);
      before = taken.length < found.length ? (taken.at(-1)?.description.id ?? null) : page.next;
      if (before === null) break;
    }
    const views = jobs.map((record) => showJob(record, services));
    const answer: JobsPage = { jobs: await Promise.all(views), next_cursor: before };
    return c.json(answer);
  });
}

/** The id of the last job of the page before; ids sort by age. That job may have been deleted since. */
export function parseJobCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!isJobId(text)) throw unknownCursor();
  return text;
}

export function parseEndpoint(text: string | undefined): EndpointName | null {
  if (text === undefined) return null;
  const parsed = endpointName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw invalidRequest('endpoint', `must be one of ${endpointName.options.join(', ')}`);
}

function parseStatuses(text: string | undefined): readonly string[] {
  const wanted = text?.split(',') ?? JOB_STATUSES;
  if (wanted.every((name) => jobStatus.safeParse(name).success)) return wanted;
  throw invalidRequest('status', `must be some of ${JOB_STATUSES.join(', ')}, separated by commas`);
}

const METADATA = /^metadata\[(.+)\]$/s;

function filterFrom(query: Query): (record: JobRecord) => boolean {
  const metadata = Object.entries(query).flatMap(([name, value]) => {
    const key = METADATA.exec(name)?.[1];
    return key === undefined ? [] : [{ key, value }];
  });
  const plain = Object.fromEntries(Object.entries(query).filter(([name]) => !METADATA.test(name)));
  const { tag, ...others } = checkQuery(plain, { known: ['tag', 'status', 'endpoint', 'cursor', 'limit'] });
  const statuses = parseStatuses(others.status);
  const endpoint = parseEndpoint(others.endpoint);
  return ({ description, status }) =>
    (tag === undefined || description.tag === tag) &&
    statuses.includes(status) &&
    (endpoint === null || description.endpoint === endpoint) &&
    metadata.every(({ key, value }) => Object.hasOwn(description.metadata, key) && description.metadata[key] === value);
}
