import { client } from './hey/client.gen.js';
import { estimate, getResults, getRows, getTagDiff, getUsage, submitJob } from './hey/index.js';

const [, , baseUrl = ''] = process.argv;
client.setConfig({ baseUrl, throwOnError: true });
const throwOnError = true;

const list = { endpoint: 'bulk_backlinks' as const, tag: 'hey', targets: ['example.com', 'example.org', 'no'] };
const query = { wait_ms: 50_000 };
const { data: before } = await submitJob({ body: list, query, throwOnError });
const { data: job } = await submitJob({ body: list, query, throwOnError });
const path = { id: job.id };

const { data: results } = await getResults({ path, query: { status: ['ok', 'empty', 'invalid'] }, throwOnError });
// A page is an object; what is asked for in another form is not.
if (typeof results === 'string') throw new Error('This is no page.');
const { data: lines } = await getResults({ path, query: { format: 'ndjson' }, parseAs: 'text', throwOnError });
const { data: rows } = await getRows({ path, query: { limit: 2 }, throwOnError });
const { data: priced } = await estimate({ body: list, throwOnError });
const { data: usage } = await getUsage({ query: { group_by: ['tag', 'endpoint'] }, throwOnError });
const { data: diff } = await getTagDiff({ path: { tag: 'hey' }, throwOnError });
// @ts-expect-error There is no such field.
const refused = await submitJob({ body: { ...list, max_cost: 5 }, throwOnError: false });

process.stdout.write(
  JSON.stringify({
    total: job.rows.total,
    results: results.results.map(({ line, status }) => `${line} ${status}`),
    lines: String(lines).trimEnd().split('\n').length,
    rows: rows.rows.length,
    estimated: priced.rows,
    used: usage.usage.map(({ tag, endpoint }) => `${tag} ${endpoint}`),
    compared: diff.base_job === before.id && diff.job === job.id ? diff.counts.same : -1,
    refused: refused.error?.status,
  }),
);
