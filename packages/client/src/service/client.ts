import {
  callsPage,
  capacity,
  job,
  jobsPage,
  result,
  resultsPage,
  row,
  storageAdoption,
  tagPage,
  tagsPage,
  tenant,
  usagePage,
} from '@linkhaul/schemas';
import { MEDIA_TYPES } from './body.js';
import { downloading } from './downloads.js';
import { jobsQuery, queryOf, type RowsFilter } from './filters.js';
import { jobStates } from './job-states.js';
import type { LinkhaulClient } from './linkhaul-client.js';
import { parsedLines } from './ndjson.js';
import { estimating, submitting } from './submitting.js';
import { readDiff } from './tag-diff.js';
import { type CallOptions, createTransport, type LinkhaulOptions, type Transport } from './transport.js';
import { waitForJob } from './wait.js';
import { withKeys, withWebhooks } from './webhooks.js';

/** A client of one service with one key. It holds no connection of its own: there is nothing to close. */
export function createLinkhaulClient(options: LinkhaulOptions): LinkhaulClient {
  const transport = createTransport(options);
  return {
    ...submitting(transport),
    ...estimating(transport),
    ...steering(transport),
    ...reading(transport),
    ...downloading(transport),
    ...readingTags(transport),
    ...ofService(transport),
    ...ofTenants(transport),
    ...withWebhooks(transport),
    ...withKeys(transport),
  };
}

function steering(transport: Transport): Pick<LinkhaulClient, 'cancel' | 'pause' | 'resume' | 'retry' | 'remove'> {
  const act =
    (action: string) =>
    (id: string, options: CallOptions = {}) =>
      transport.read({ method: 'POST', path: ['jobs', id, action], signal: options.signal }, job);
  return {
    cancel: act('cancel'),
    pause: act('pause'),
    resume: (id, { maxCostUsd, signal } = {}) =>
      transport.read(
        {
          method: 'POST',
          path: ['jobs', id, 'resume'],
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ max_cost_usd: maxCostUsd }),
          signal,
        },
        job,
      ),
    retry: (id, { status, codes, retryableOnly, buy, maxCostUsd, signal } = {}) =>
      transport.read(
        {
          method: 'POST',
          path: ['jobs', id, 'retry'],
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ status, codes, retryable_only: retryableOnly, buy, max_cost_usd: maxCostUsd }),
          signal,
        },
        job,
      ),
    remove: async (id, { signal } = {}) => {
      await transport.send({ method: 'DELETE', path: ['jobs', id], signal });
    },
  };
}

type Reading = 'job' | 'jobs' | 'waitFor' | 'states' | 'results' | 'rows' | 'resultsPage' | 'calls';

function reading(transport: Transport): Pick<LinkhaulClient, Reading> {
  const readJob: LinkhaulClient['job'] = (id, { waitMs, signal } = {}) =>
    transport.read(
      {
        path: ['jobs', id],
        query: queryOf({ wait_ms: waitMs }),
        signal,
        answerWithinMs: (waitMs ?? 0) + 30_000,
      },
      job,
    );
  const stream = (path: string[], { status, signal }: RowsFilter) =>
    transport.stream({ path, query: queryOf({ format: 'ndjson', status }), signal }, MEDIA_TYPES.ndjson);
  return {
    job: readJob,
    jobs: (filter = {}) =>
      transport.read({ path: ['jobs'], query: jobsQuery(filter), signal: filter.signal }, jobsPage),
    waitFor: (id, options = {}) => waitForJob(readJob, id, options),
    states: (id, { signal } = {}) => jobStates(transport, id, signal),
    async *results(id, filter = {}) {
      yield* parsedLines(await stream(['jobs', id, 'results'], filter), result);
    },
    async *rows(id, filter = {}) {
      yield* parsedLines(await stream(['jobs', id, 'rows'], filter), row);
    },
    resultsPage: (id, { status, cursor, limit, signal } = {}) =>
      transport.read(
        { path: ['jobs', id, 'results'], query: queryOf({ format: 'json', status, cursor, limit }), signal },
        resultsPage,
      ),
    calls: (id, { status, cursor, limit, signal } = {}) =>
      transport.read({ path: ['jobs', id, 'calls'], query: queryOf({ status, cursor, limit }), signal }, callsPage),
  };
}

function readingTags(transport: Transport): Pick<LinkhaulClient, 'tag' | 'tags' | 'tagResults' | 'tagDiff'> {
  return {
    tags: ({ cursor, limit, signal } = {}) =>
      transport.read({ path: ['tags'], query: queryOf({ cursor, limit }), signal }, tagsPage),
    tagDiff: (tag, filter = {}) => readDiff(transport, tag, filter),
    tag: (tag, { endpoint, cursor, limit, signal } = {}) =>
      transport.read({ path: ['tags', tag], query: queryOf({ endpoint, cursor, limit }), signal }, tagPage),
    tagResults: async (tag, { endpoint, job: id, minOk, status, signal } = {}) => {
      const query = queryOf({ format: 'ndjson', endpoint, job: id, min_ok: minOk, status });
      const request = { path: ['tags', tag, 'results'], query, signal };
      const answer = await transport.stream(request, MEDIA_TYPES.ndjson);
      return { job: answer.headers.get('x-linkhaul-job'), results: parsedLines(answer, result) };
    },
  };
}

function ofService(transport: Transport): Pick<LinkhaulClient, 'capacity' | 'adoptStorage'> {
  return {
    capacity: ({ signal } = {}) => transport.read({ path: ['capacity'], signal }, capacity),
    adoptStorage: ({ signal } = {}) =>
      transport.read({ method: 'POST', path: ['storage', 'adopt'], signal }, storageAdoption),
  };
}

function ofTenants(transport: Transport): Pick<LinkhaulClient, 'usage' | 'tenant' | 'setTenant'> {
  return {
    usage: ({ from, to, groupBy, cursor, limit, signal } = {}) =>
      transport.read(
        { path: ['usage'], query: queryOf({ from, to, group_by: groupBy, cursor, limit }), signal },
        usagePage,
      ),
    tenant: (name, { signal } = {}) => transport.read({ path: ['tenants', name], signal }, tenant),
    setTenant: (name, change, { signal } = {}) =>
      transport.read(
        {
          method: 'PUT',
          path: ['tenants', name],
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(change),
          signal,
        },
        tenant,
      ),
  };
}
