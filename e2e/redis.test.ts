import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisBinary, startRedisServer } from '@linkhaul/stack';
import { expect, it } from 'vitest';
import { environment } from './env.js';
import { domains, nanos, startWorld } from './harness.js';

it('answers 503 while Redis is away, and goes on with the job when it is back', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-redis-'));
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  const first = await startRedisServer({ binary, dir });
  const world = await startWorld({ env: { REDIS_URL: first.url } });
  try {
    await world.settings({ latency_ms: 300 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(60));
    await world.arrived(id, 5);
    await first.child.kill();

    const refused = await fetch(`${world.apiUrl}/v1/jobs/${id}`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await fetch(`${world.apiUrl}/readyz`)).status).toBe(503);
    expect((await fetch(`${world.apiUrl}/healthz`)).status).toBe(200);

    const second = await startRedisServer({ binary, dir, port: Number(new URL(first.url).port) });
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', rows: { pending: 0, failed: 0 } });
    expect(nanos(job.cost.spent_usd)).toBe(nanos((await world.record()).totals.cost_usd));
    await world.stop();
    await second.child.stop();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
