import { type JobRecord, jobView } from '@linkhaul/jobs';
import { endpointName, JOB_STATUSES, jobStatus } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, parseLimit } from './query.js';

/** Jobs looked at for one page: a rare filter must not read a tenant's whole history in one request. */
const MOST_SCANNED = 5_000;
const BATCH = 200;

/** `GET /v1/jobs`: newest first. A page may be short while `next_cursor` is not null: the filter goes on behind it. */
export function listJobs(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs', async (c) => {
    const query = c.req.query();
    const limit = parseLimit(query.limit);
    const matches = filterFrom(query);
    const jobs: JobRecord[] = [];
    let before = query.cursor ?? null;
    for (let scanned = 0; scanned < MOST_SCANNED && jobs.length < limit; scanned += BATCH) {
      const page = await services.store.list(c.get('tenant'), { before, limit: BATCH });
      const found = page.items.filter(matches);
      const taken = found.slice(0, limit - jobs.length);
      jobs.push(...taken);
      before = taken.length < found.length ? (taken.at(-1)?.description.id ?? null) : page.next;
      if (before === null || taken.length < found.length) break;
    }
    return c.json({ jobs: jobs.map(jobView), next_cursor: before });
  });
}

const METADATA = /^metadata\[(.+)\]$/;

function filterFrom(query: Record<string, string>): (record: JobRecord) => boolean {
  const metadata = Object.entries(query).flatMap(([name, value]) => {
    const key = METADATA.exec(name)?.[1];
    return key === undefined ? [] : [{ key, value }];
  });
  const plain = Object.fromEntries(Object.entries(query).filter(([name]) => !METADATA.test(name)));
  const { tag, status, endpoint } = checkQuery(plain, { known: ['tag', 'status', 'endpoint', 'cursor', 'limit'] });
  if (status !== undefined && !jobStatus.safeParse(status).success) throw invalidRequest('status', `must be one of ${JOB_STATUSES.join(', ')}`);
  if (endpoint !== undefined && !endpointName.safeParse(endpoint).success) {
    throw invalidRequest('endpoint', `must be one of ${endpointName.options.join(', ')}`);
  }
  return ({ description, status: now }) =>
    (tag === undefined || description.tag === tag) &&
    (status === undefined || now === status) &&
    (endpoint === undefined || description.endpoint === endpoint) &&
    metadata.every(({ key, value }) => description.metadata[key] === value);
}
