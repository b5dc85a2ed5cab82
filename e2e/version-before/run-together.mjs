// Runs this version together with another one over one Redis and one storage: each API with each worker, and a job that
// one version begins and the other finishes.
//   git worktree add ../before <commit> && (cd ../before && pnpm install && pnpm build)
//   pnpm build && node e2e/version-before/run-together.mjs ../before
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv, env, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { createLinkhaulClient } from '@linkhaul/client';
import { openThrowawayRedis, repositoryRoot, startProcess } from '@linkhaul/stack';

const ROOTS = { present: repositoryRoot, other: resolve(argv[2] ?? '.') };
const say = (line) => stdout.write(`${line}\n`);
const list = (count) => Array.from({ length: count }, (_, at) => `site-${at + 1}.com`);

const dir = mkdtempSync(join(tmpdir(), 'linkhaul-together-'));
const redis = await openThrowawayRedis({ env, mayInstall: false, say });
const start = (version, app, more = {}) =>
  startProcess({
    name: `${app} of ${version}`,
    entry: join(ROOTS[version], 'apps', app, 'dist/main.js'),
    env: {
      PATH: env.PATH,
      PORT: '0',
      REDIS_URL: redis.url,
      STORAGE_URL: pathToFileURL(join(dir, 'storage')).href,
      UPSTREAM_LOGIN: 'local',
      UPSTREAM_PASSWORD: 'local',
      UPSTREAM_MAX_IN_FLIGHT: '4',
      ...more,
    },
  });
const upstream = await start('present', 'backlinks', {
  BACKLINKS_DATA: join(dir, 'graph.duckdb'),
  BACKLINKS_DOMAINS: '800',
  BACKLINKS_LINKS: '30000',
  BACKLINKS_CONTROL: '1',
});
const UPSTREAM = { UPSTREAM_URL: `http://127.0.0.1:${upstream.port}` };
const record = async () => (await fetch(`${UPSTREAM.UPSTREAM_URL}/__control/record`)).json();
const holdBack = (latency) =>
  fetch(`${UPSTREAM.UPSTREAM_URL}/__control/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ latency_ms: latency }),
  });

let spent = 0;
async function finished(client, id, what) {
  const job = await client.waitFor(id);
  assert.equal(job.status, 'completed', what);
  assert.equal(job.rows.pending + job.rows.failed + job.rows.skipped, 0, what);
  assert.equal(job.cost.wasted_usd, 0, what);
  spent += Math.round(job.cost.spent_usd * 1e9);
  assert.equal(spent, Math.round((await record()).totals.cost_usd * 1e9), `${what}: spent is the upstream's record`);
  say(`ok: ${what}: ${job.rows.total} rows, ${job.calls.done} calls, $${job.cost.spent_usd}`);
}

const OTHER = { present: 'other', other: 'present' };
for (const version of ['present', 'other']) {
  const api = await start(version, 'api', UPSTREAM);
  const worker = await start(OTHER[version], 'worker', UPSTREAM);
  const client = createLinkhaulClient({ baseUrl: `http://127.0.0.1:${api.port}` });
  for (const [endpoint, count] of [
    ['bulk_pages_summary', 2500],
    ['domain_pages', 40],
  ]) {
    const { id } = await client.submit({ endpoint }, list(count));
    await finished(client, id, `API of ${version}, worker of ${OTHER[version]}, ${endpoint}`);
  }
  await holdBack(200);
  const { id } = await client.submit({ endpoint: 'domain_pages' }, list(60));
  while ((await client.job(id)).calls.done < 10) await client.job(id);
  const next = await start(version, 'worker', UPSTREAM);
  await worker.child.stop();
  await finished(client, id, `begun by a worker of ${OTHER[version]}, finished by one of ${version}`);
  await holdBack(0);
  for (const { child } of [next, api]) await child.stop();
}
await upstream.child.stop();
await redis.stop();
rmSync(dir, { recursive: true });
