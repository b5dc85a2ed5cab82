import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplicatedRedis, redisBinary, startCluster, startSentinels } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { environment } from '../env.js';
import { collect, domains, nanos, SHORT_LEASES, startWorld, type World } from '../harness.js';

const PREFIX = 'linkhaul';
const IN_FLIGHT = 6;
const TARGETS = domains(150);

const KINDS = { sentinels: startSentinels, 'a cluster': startCluster };

async function openWorld(
  kind: keyof typeof KINDS,
  env: Record<string, string> = {},
): Promise<{ group: ReplicatedRedis; world: World }> {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-failover-'));
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  const group = await KINDS[kind]({ binary, dir, prefix: PREFIX });
  onTestFinished(async () => {
    await group.stop();
    await rm(dir, { recursive: true, force: true });
  });
  const settings = { REDIS_URL: group.url, REDIS_PREFIX: PREFIX, UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT) };
  const world = await startWorld({ workers: 2, env: { ...SHORT_LEASES, ...settings, ...env } });
  onTestFinished(() => world.stop());
  await world.settings({ latency_ms: 300 });
  return { group, world };
}

/** Nothing is lost, nothing is uncounted, and the account's limit was kept, as the upstream saw it. */
async function expectWhole({ client, record }: World, jobIds: readonly string[]): Promise<void> {
  for (const id of jobIds) {
    const job = await client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', rows: { pending: 0, failed: 0 } });
    const lines = (await collect(client.rows(id))).map(({ line }) => line).sort((a, b) => a - b);
    expect(lines).toEqual(Array.from({ length: job.rows.total }, (_, index) => index + 1));
  }
  expect((await record()).totals.max_in_flight).toBeLessThanOrEqual(IN_FLIGHT);
  const spent = async () => {
    const jobs = await Promise.all(jobIds.map((id) => client.job(id)));
    return jobs.reduce((sum, { cost }) => sum + nanos(cost.spent_usd), 0);
  };
  await expect.poll(spent).toBe(nanos((await record()).totals.cost_usd));
}

it.each([
  ['sentinels', 'a folder', { env: {}, deadWorkers: 1 }],
  ['a cluster', 'Redis', { env: { STORAGE_URL: 'redis:' }, deadWorkers: 0 }],
] as const)('with %s, and %s as storage, a job outlives the primary', async (kind, _, { env, deadWorkers }) => {
  const { group, world } = await openWorld(kind, env);
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, TARGETS);
  await world.arrived(id, 30);
  const first = await group.primary();
  await Promise.all([first, ...world.workers.slice(0, deadWorkers)].map(({ child }) => child.kill()));
  await expectWhole(world, [id]);
  expect((await group.primary()).port).not.toBe(first.port);
});

const readiness = z.object({ checks: z.object({ redis: z.string() }) });

/** What `/readyz` says about Redis. */
async function saidOfRedis({ apiUrl }: World): Promise<string> {
  return readiness.parse(await (await fetch(`${apiUrl}/readyz`)).json()).checks.redis;
}

/** The same list under the same key each time. */
function submitKeyed({ apiUrl }: World): Promise<Response> {
  return fetch(`${apiUrl}/v1/jobs?endpoint=domain_pages`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'idempotency-key': 'once' },
    body: 'site-1.com\nsite-2.com\n',
  });
}

it('a primary without replicas accepts and grants nothing, and one that hangs is replaced', async () => {
  const { group, world } = await openWorld('sentinels');
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, TARGETS);
  await world.arrived(id, 20);
  const first = await group.primary();
  const replicas = group.servers.filter((server) => server !== first);

  for (const { child } of replicas) child.signal('SIGSTOP');
  expect((await submitKeyed(world)).status).toBe(503);
  await expect.poll(() => saidOfRedis(world)).toContain('NOREPLICAS');
  const since = new Date().toISOString();
  const isIdle = async () => (await world.record()).requests.every(({ ended_at: end }) => end !== null);
  await expect.poll(isIdle).toBe(true);
  const { requests } = await world.record();
  expect(requests.filter(({ at }) => at > since)).toEqual([]);
  for (const { child } of replicas) child.signal('SIGCONT');
  await expect.poll(async () => (await submitKeyed(world)).status).toBe(202);
  const second = z.object({ id: z.string() }).parse(await (await submitKeyed(world)).json()).id;

  first.child.signal('SIGSTOP');
  await expectWhole(world, [id, second]);
  expect((await group.primary()).port).not.toBe(first.port);
  expect((await world.client.jobs()).jobs.map((job) => job.id).sort()).toEqual([id, second].sort());
  first.child.signal('SIGCONT');
  expect(await group.ask(first, 'SET', 'granted', 'yes')).toMatch(/^(NOREPLICAS|READONLY)/);
});
