import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '@linkhaul/schemas';
import { builtApp, freePort, startProcess, startStack } from '@linkhaul/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from './env.js';
import { domains, graphOf, nanos, newPrefix, SCALED, startWorld, type World } from './harness.js';

const IN_FLIGHT = 5;

function itself({ history }: Job): string[] {
  return history.filter(({ by }) => by === 'system').map(({ action, reason }) => `${action} ${reason}`);
}

describe('an upstream that lets the account do nothing for a while', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      env: { UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT), BACKLINKS_MAX_IN_FLIGHT: String(IN_FLIGHT) },
    });
  });
  afterAll(() => world.stop());

  async function complete(id: string): Promise<{ job: Job; requests: number }> {
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', outcome: 'complete', rows: { failed: 0 } });
    const calls = (await world.record()).requests.filter(({ tag }) => tag?.startsWith(`${id}.`));
    expect(nanos(job.cost.spent_usd)).toBe(calls.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0));
    expect(job.calls.attempts).toBe(calls.length);
    return { job, requests: calls.length };
  }

  const untilPaused = { untilPaused: true, roundMs: 200 };

  it('spends few attempts on one that fails at every call, and goes on when it is well', async () => {
    const calls = 40;
    await world.fault({ kind: 'status', code: 50000 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(calls));
    // Long enough for four attempts of each call, were they made.
    await world.client.job(id, { waitMs: 8_000 });
    await world.clearFaults();
    const { requests } = await complete(id);
    expect(requests).toBeLessThan(2 * calls);
  });

  it('pauses at an empty balance, and goes on when there is money; what a user has paused meanwhile stays', async () => {
    await world.settings({ balance_usd: 0 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(12));
    const paused = await world.client.waitFor(id, untilPaused);
    expect(paused).toMatchObject({ status: 'paused', reason: 'upstream_funds', rows: { pending: 12 } });
    const { id: own } = await world.client.submit({ endpoint: 'domain_pages' }, domains(3));
    await world.client.pause(own);
    await world.settings({ balance_usd: 1000 });
    const { job, requests } = await complete(id);
    expect(itself(job)).toContain('resume upstream_funds');
    expect(job.history.filter(({ by }) => by !== 'system').map(({ action }) => action)).toEqual(['submit']);
    expect(requests).toBeLessThanOrEqual(12 + 2 * IN_FLIGHT);

    expect(await world.client.job(own)).toMatchObject({ status: 'paused', reason: 'user' });
    await world.client.resume(own);
    await complete(own);
  });

  it('pauses where the credentials are refused, tries one call at a time, and goes on when they are taken', async () => {
    await world.fault({ kind: 'http', http_status: 401, count: IN_FLIGHT + 1 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(12));
    expect(await world.client.waitFor(id, untilPaused)).toMatchObject({ status: 'paused', reason: 'upstream_auth' });
    await world.clearFaults();
    const { job } = await complete(id);
    expect(itself(job)).toContain('resume upstream_auth');
  });
});

it('goes on by itself when the upstream was away and is there again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const port = await freePort();
  const startUpstream = async () => {
    const env = { ...SCALED, PORT: String(port), BACKLINKS_DATA: await graphOf(SCALED) };
    return startProcess({ name: 'backlinks', entry: builtApp('backlinks'), env });
  };
  let upstream = await startUpstream();
  const { PATH, TEST_REDIS_URL } = environment;
  const stack = await startStack({
    dataDir,
    workers: 1,
    backlinks: false,
    env: {
      ...SCALED,
      PATH,
      REDIS_URL: TEST_REDIS_URL,
      REDIS_PREFIX: newPrefix(),
      UPSTREAM_URL: `http://127.0.0.1:${upstream.port}`,
      UPSTREAM_LOGIN: 'local',
      UPSTREAM_PASSWORD: 'local',
    },
  });
  try {
    await upstream.child.kill();
    const { id } = await stack.client.submit({ endpoint: 'domain_pages' }, domains(30));
    // Until ten in a row could not be sent.
    const attempts = async () => (await stack.client.job(id)).calls.attempts;
    await expect.poll(attempts).toBeGreaterThanOrEqual(10);
    upstream = await startUpstream();
    const job = await stack.client.waitFor(id);
    expect(job).toMatchObject({ outcome: 'complete', rows: { failed: 0, pending: 0 }, calls: { unknown: 0 } });
    expect(job.history.filter(({ by }) => by !== 'system')).toHaveLength(1);
  } finally {
    await stack.stop();
    await upstream.child.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
