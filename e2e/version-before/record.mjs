// Records what this version leaves in Redis and in storage, for the next version's tests: run it before FORMAT is raised.
//   pnpm build && node e2e/version-before/record.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { examplePath, startStack } from '@linkhaul/stack';

const RETENTION_DAYS = 3650;
const list = (count, name) => Array.from({ length: count }, (_, at) => `${name}-${at + 1}.com`);

const known = readFileSync(examplePath('domains.txt'), 'utf8').split('\n');

const dataDir = mkdtempSync(join(tmpdir(), 'linkhaul-record-'));
const stack = await startStack({
  dataDir,
  workers: 1,
  backlinks: true,
  env: {
    PATH: env.PATH,
    BACKLINKS_DOMAINS: '800',
    BACKLINKS_LINKS: '30000',
    BACKLINKS_CONTROL: '1',
    UPSTREAM_TIMEOUT_MS: '20000',
    UPSTREAM_MAX_RUN_MS: '1000',
    UPSTREAM_SETTLE_MS: '500',
    UPSTREAM_MAX_IN_FLIGHT: '2',
    // A job is to be stopped in the middle, on a slow machine too.
    BACKLINKS_LATENCY_MS: '500',
  },
});
const { client, backlinksUrl } = stack;
const submit = async (endpoint, targets, more = {}) =>
  (await client.submit({ endpoint, retention_days: RETENTION_DAYS, ...more }, targets)).id;

const bulk = await submit('bulk_pages_summary', [...known.slice(0, 20), ...list(10, 'bulk'), 'no target', known[0]]);
const pages = await submit('domain_pages', [...known.slice(0, 1), 'list.com']);
for (const id of [bulk, pages]) await client.waitFor(id);
const planned = await submit('bulk_backlinks', list(25, 'planned'), { start: 'manual' });
await client.waitFor(planned, { untilPaused: true, roundMs: 200 });
// It stops in the middle: some of its calls have their answer, and the others were never sent.
const half = await submit('domain_pages', [...known.slice(1, 3), ...list(6, 'half')]);
while ((await client.job(half)).calls.done < 3) await client.job(half);
await client.pause(half);
while ((await client.job(half)).calls.in_flight > 0) await client.job(half);

const jobs = await Promise.all([bulk, pages, planned, half].map((id) => client.job(id)));
const results = [];
for (const id of [bulk, pages]) {
  const answer = await fetch(`${stack.apiUrl}/v1/jobs/${id}/results`);
  results.push({
    id,
    sha256: createHash('sha256')
      .update(await answer.text())
      .digest('hex'),
  });
}
await stack.stop();
const kept = { upstream: new URL(backlinksUrl).host, jobs, results };
writeFileSync(join(dataDir, 'kept.json'), JSON.stringify(kept));
const to = join(import.meta.dirname, 'recorded.tar.gz');
execFileSync('tar', ['-czf', to, '-C', dataDir, 'kept.json', 'redis', 'storage']);
rmSync(dataDir, { recursive: true });
