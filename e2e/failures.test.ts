import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect, domains, nanos, startWorld, type World } from './harness.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ env: { UPSTREAM_MAX_IN_FLIGHT: '5', BACKLINKS_MAX_IN_FLIGHT: '5' } });
});
beforeEach(() => world.settings({ latency_ms: 0 }));
afterAll(() => world.stop());

async function costOf(jobId: string): Promise<number> {
  const { requests } = await world.record();
  return requests
    .filter(({ tag }) => tag?.startsWith(`${jobId}.`))
    .reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

async function run(count: number) {
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(count));
  const job = await world.client.waitFor(id);
  expect(nanos(job.cost.spent_usd)).toBe(await costOf(id));
  expect(job.cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
  expect(job.calls).toMatchObject({ in_flight: 0, unknown: 0 });
  return job;
}

describe('what the upstream answers', () => {
  it('tries passing errors again', async () => {
    await world.fault({ kind: 'status', code: 50000, level: 'task', count: 2 });
    expect(await run(3)).toMatchObject({ outcome: 'complete', calls: { attempts: 3, done: 1 } });
  });

  it('fails the rows of a call that never succeeds, as retryable', async () => {
    await world.fault({ kind: 'status', code: 40103, level: 'task', count: 5 });
    const job = await run(3);
    expect(job).toMatchObject({ outcome: 'none', rows: { failed: 3 }, calls: { failed: 1, attempts: 5 } });
    const [row] = await collect(world.client.rows(job.id));
    expect(row?.error).toMatchObject({ code: 'upstream_error', retryable: true, attempts: 5 });
  });

  it('fails what is refused at once, with the upstream’s words', async () => {
    await world.fault({ kind: 'status', code: 40503, level: 'task', count: 1 });
    const job = await run(2);
    expect(job).toMatchObject({ rows: { failed: 2 }, calls: { attempts: 1 } });
    const [row] = await collect(world.client.rows(job.id));
    expect(row?.error).toMatchObject({ code: 'upstream_rejected', retryable: false });
    expect(row?.error?.message).toContain('40503');
  });

  it('waits when the account is too fast, without counting a failure', async () => {
    await world.fault({ kind: 'status', code: 40209, count: 6 });
    expect(await run(3)).toMatchObject({ outcome: 'complete', rows: { ok: 3 }, calls: { attempts: 7 } });
  });

  it.each([
    ['40200', { kind: 'status', code: 40200, count: 1 }, 'upstream_funds'],
    ['HTTP 402 without a body', { kind: 'http', http_status: 402, count: 1 }, 'upstream_funds'],
    ['HTTP 401 without a body', { kind: 'http', http_status: 401, count: 1 }, 'upstream_auth'],
  ])('pauses the job at %s, and loses nothing', async (_, fault, reason) => {
    await world.fault(fault);
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(3));
    const paused = await world.client.waitFor(id, { untilPaused: true, roundMs: 200 });
    expect(paused).toMatchObject({ status: 'paused', reason, rows: { pending: 3 } });
    await world.client.resume(id);
    expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed', rows: { ok: 3 } });
  });
});
