import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplicatedRedis, redisBinary, startCluster, startSentinels } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { environment } from '../env.js';
import { collect, domains, nanos, SHORT_LEASES, startWorld } from '../harness.js';

const PREFIX = 'linkhaul';
const IN_FLIGHT = 6;
const TARGETS = domains(150);

const KINDS = { sentinels: startSentinels, 'a cluster': startCluster };

async function startGroup(kind: keyof typeof KINDS): Promise<ReplicatedRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-failover-'));
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  const group = await KINDS[kind]({ binary, dir, prefix: PREFIX });
  onTestFinished(async () => {
    await group.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return group;
}

it.each(['sentinels', 'a cluster'] as const)(
  'with %s a job outlives the primary: no row is lost, no limit exceeded, nothing uncounted',
  async (kind) => {
    const group = await startGroup(kind);
    const world = await startWorld({
      workers: 2,
      env: {
        ...SHORT_LEASES,
        REDIS_URL: group.url,
        REDIS_PREFIX: PREFIX,
        UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT),
      },
    });
    onTestFinished(() => world.stop());
    await world.settings({ latency_ms: 300 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages' }, TARGETS);
    await world.arrived(id, 30);
    const first = await group.primary();
    await first.child.kill();

    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', rows: { total: TARGETS.length, pending: 0, failed: 0 } });
    const lines = (await collect(world.client.rows(id))).map(({ line }) => line).sort((a, b) => a - b);
    expect(lines).toEqual(TARGETS.map((_, index) => index + 1));
    expect((await group.primary()).port).not.toBe(first.port);
    expect((await world.record()).totals.max_in_flight).toBeLessThanOrEqual(IN_FLIGHT);
    await expect
      .poll(async () => nanos((await world.client.job(id)).cost.spent_usd))
      .toBe(nanos((await world.record()).totals.cost_usd));
  },
);
