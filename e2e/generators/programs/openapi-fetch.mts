import createClient from 'openapi-fetch';
import type { paths } from './openapi.js';

const [, , baseUrl = ''] = process.argv;
const client = createClient<paths>({ baseUrl });

/** What a call resolves with, unless it was refused. */
function taken<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

/** Only JSON is an object: every other form of an answer is text. */
function pageOf<T extends object>(data: T | string): T {
  if (typeof data === 'string') throw new Error('This is no page.');
  return data;
}

const body = { endpoint: 'bulk_backlinks', tag: 'fetch', targets: ['example.com', 'example.org', 'no'] } as const;
const list = { ...body, targets: [...body.targets] };
const query = { wait_ms: 50_000 };
const before = taken(await client.POST('/v1/jobs', { params: { query }, body: list }));
const job = taken(await client.POST('/v1/jobs', { params: { query }, body: list }));
const path = { id: job.id };

const results = await client.GET('/v1/jobs/{id}/results', {
  params: { path, query: { status: ['ok', 'empty', 'invalid'] } },
});
const lines: string = taken(
  await client.GET('/v1/jobs/{id}/results', { params: { path, query: { format: 'ndjson' } }, parseAs: 'text' }),
);
const rows = await client.GET('/v1/jobs/{id}/rows', { params: { path, query: { limit: 2 } } });
const estimate = taken(await client.POST('/v1/estimates', { body: list }));
const usage = await client.GET('/v1/usage', { params: { query: { group_by: ['tag', 'endpoint'] } } });
const diff = pageOf(taken(await client.GET('/v1/tags/{tag}/diff', { params: { path: { tag: 'fetch' } } })));
// @ts-expect-error A budget is a number.
const refused = await client.POST('/v1/jobs', { body: { ...list, max_cost_usd: '5' } });

process.stdout.write(
  JSON.stringify({
    total: job.rows.total,
    results: pageOf(taken(results)).results.map(({ line, status }) => `${line} ${status}`),
    lines: lines.trimEnd().split('\n').length,
    rows: pageOf(taken(rows)).rows.length,
    estimated: estimate.rows,
    used: pageOf(taken(usage)).usage.map(({ tag, endpoint }) => `${tag} ${endpoint}`),
    compared: diff.base_job === before.id && diff.job === job.id ? diff.counts.same : -1,
    refused: refused.error?.status,
  }),
);
