import {
  callsPage,
  capacity,
  type EndpointName,
  jobsPage,
  storageAdoption,
  tagPage,
  tagsPage,
  tenant,
  usagePage,
} from '@linkhaul/schemas';
import { MEDIA_TYPES } from './body.js';
import { type AnyJobId, jobOf, resultOf, resultsPageOf, rowOf } from './by-endpoint.js';
import { downloading } from './downloads.js';
import { jobsQuery, queryOf, type ResultsPageFilter, type RowsFilter, type TagResultsFilter } from './filters.js';
import { jobStates } from './job-states.js';
import type { LinkhaulClient, ReadJobOptions } from './linkhaul-client.js';
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
  const post = <E extends EndpointName>(
    path: readonly [id: AnyJobId<E>, action: string],
    { signal }: CallOptions,
    fields?: Readonly<Record<string, unknown>>,
  ) => {
    const body = fields && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
    return transport.read({ method: 'POST', path: ['jobs', ...path], ...body, signal }, jobOf<E>());
  };
  return {
    cancel: (id, options = {}) => post([id, 'cancel'], options),
    pause: (id, options = {}) => post([id, 'pause'], options),
    resume: (id, { maxCostUsd, ...options } = {}) => post([id, 'resume'], options, { max_cost_usd: maxCostUsd }),
    retry: (id, { status, codes, retryableOnly, buy, maxCostUsd, ...options } = {}) => {
      const choice = { status, codes, retryable_only: retryableOnly, buy };
      return post([id, 'retry'], options, { ...choice, max_cost_usd: maxCostUsd });
    },
    remove: async (id, { signal } = {}) => {
      await transport.send({ method: 'DELETE', path: ['jobs', id], signal });
    },
  };
}

type Reading = 'job' | 'jobs' | 'waitFor' | 'states' | 'results' | 'rows' | 'resultsPage' | 'calls';

function reading(transport: Transport): Pick<LinkhaulClient, Reading> {
  const readJob = <E extends EndpointName>(id: AnyJobId<E>, { waitMs, signal }: ReadJobOptions = {}) =>
    transport.read(
      {
        path: ['jobs', id],
        query: queryOf({ wait_ms: waitMs }),
        signal,
        answerWithinMs: (waitMs ?? 0) + 30_000,
      },
      jobOf<E>(),
    );
  const stream = (path: string[], { status, signal }: RowsFilter) =>
    transport.stream({ path, query: queryOf({ format: 'ndjson', status }), signal }, MEDIA_TYPES.ndjson);
  return {
    job: readJob,
    jobs: (filter = {}) =>
      transport.read({ path: ['jobs'], query: jobsQuery(filter), signal: filter.signal }, jobsPage),
    waitFor: <E extends EndpointName>(id: AnyJobId<E>, options = {}) =>
      waitForJob((ask) => readJob<E>(id, ask), options),
    states: (id, { signal } = {}) => jobStates(transport, id, signal),
    async *results<E extends EndpointName>(id: AnyJobId<E>, filter = {}) {
      yield* parsedLines(await stream(['jobs', id, 'results'], filter), resultOf<E>());
    },
    async *rows<E extends EndpointName>(id: AnyJobId<E>, filter = {}) {
      yield* parsedLines(await stream(['jobs', id, 'rows'], filter), rowOf<E>());
    },
    resultsPage: <E extends EndpointName>(id: AnyJobId<E>, { status, cursor, limit, signal }: ResultsPageFilter = {}) =>
      transport.read(
        { path: ['jobs', id, 'results'], query: queryOf({ format: 'json', status, cursor, limit }), signal },
        resultsPageOf<E>(),
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
    tagResults: async <E extends EndpointName>(tag: string, filter: TagResultsFilter<E> = {}) => {
      const { endpoint, job: id, minOk, status, signal } = filter;
      const query = queryOf({ format: 'ndjson', endpoint, job: id, min_ok: minOk, status });
      const request = { path: ['tags', tag, 'results'], query, signal };
      const answer = await transport.stream(request, MEDIA_TYPES.ndjson);
      return { job: answer.headers.get('x-linkhaul-job'), results: parsedLines(answer, resultOf<E>()) };
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
