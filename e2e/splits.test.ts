import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { webhookEvent } from '@linkhaul/schemas';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { collect, domains, nanos, SHORT_LEASES, startWorld, type World } from './harness.js';

let world: World;

beforeAll(async () => {
  const env = { ...SHORT_LEASES, UPSTREAM_MAX_IN_FLIGHT: '5', BACKLINKS_MAX_IN_FLIGHT: '5' };
  world = await startWorld({ workers: 2, env });
});
beforeEach(() => world.settings({ latency_ms: 0 }));
afterAll(() => world.stop());

const INVALID_TARGETS = "Invalid Field: 'targets'.";

/** Makes the upstream refuse every call with one of these targets. */
async function refuse(targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    await world.fault({ kind: 'status', code: 40501, level: 'task', target, message: INVALID_TARGETS });
  }
}

async function recordOf(jobId: string) {
  const requests = (await world.record()).requests.filter(({ tag }) => tag?.startsWith(`${jobId}.`));
  return { requests, cost: requests.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0) };
}

async function checkBadRows(jobId: string, bad: readonly string[]): Promise<void> {
  const rows = await collect(world.client.rows(jobId));
  expect(rows.map(({ line }) => line)).toEqual(rows.map((_, at) => at + 1));
  const failed = rows.filter(({ status }) => status === 'failed');
  expect(failed.map(({ target }) => target)).toEqual(bad);
  for (const { error } of failed) {
    expect(error).toMatchObject({ code: 'upstream_rejected', retryable: false });
    expect(error?.message).toContain(INVALID_TARGETS);
  }
  const results = await collect(world.client.results(jobId));
  expect(results.map(({ line }) => line).sort((a, b) => a - b)).toEqual(rows.map(({ line }) => line));
  const without = results.filter(({ status }) => status === 'failed').sort((a, b) => a.line - b.line);
  expect(without.map(({ target }) => target)).toEqual(bad);
  const { cost } = await world.client.job(jobId);
  expect(rows.reduce((sum, { cost_usd }) => sum + nanos(cost_usd ?? 0), 0)).toBe(
    nanos(cost.spent_usd - cost.wasted_usd),
  );
}

it('splits a call that bad rows spoil until they stand alone, and pays for nothing twice', async () => {
  const names = domains(1000).map((name) => `one-${name}`);
  const bad = [3, 501, 999].map((at) => names[at] ?? '');
  await refuse(bad);
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, names);
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'partial', rows: { ok: 997, failed: 3, pending: 0 } });
  expect(job.calls).toMatchObject({ failed: 3, in_flight: 0, unknown: 0 });
  expect(job.calls.planned).toBe(job.calls.done + job.calls.failed);
  const { requests, cost } = await recordOf(id);
  expect(requests).toHaveLength(job.calls.planned);
  expect(nanos(job.cost.spent_usd)).toBe(cost);
  expect(job.cost).toMatchObject({ wasted_usd: 0, reserved_usd: 0, unconfirmed_usd: 0 });
  await checkBadRows(id, bad);
});

it('fails what is left whole where splitting has led to too many calls', async () => {
  const names = domains(1000).map((name) => `all-${name}`);
  await refuse(names.filter((_, at) => at % 3 === 0));
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, names);
  const job = await world.client.waitFor(id);
  expect(job.rows).toMatchObject({ total: 1000, pending: 0, skipped: 0 });
  expect(job.rows.failed).toBeGreaterThanOrEqual(334);
  expect(job.calls.planned).toBe(201);
  expect(nanos(job.cost.spent_usd)).toBe((await recordOf(id)).cost);
});

it('stops a job whose parameter is refused after a few calls, and says why', async () => {
  const message = "Invalid Field: 'rank_scale'.";
  await world.settings({ latency_ms: 50 });
  await world.fault({ kind: 'status', code: 40501, level: 'task', endpoint: 'referring_domains', message });
  const { id } = await world.client.submit({ endpoint: 'referring_domains' }, domains(2000));
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'failed', outcome: 'none', rows: { ok: 0, pending: 0 }, cost: { spent_usd: 0 } });
  expect(job.reason).toBe(`upstream_rejected: 40501 ${message}`);
  expect(job.rows.failed).toBeLessThan(20);
  expect(job.rows.skipped).toBe(2000 - job.rows.failed);
  expect((await recordOf(id)).requests).toHaveLength(job.rows.failed);
  const rows = await collect(world.client.rows(id));
  expect(rows.find(({ status }) => status === 'failed')?.error?.message).toContain(message);
  expect(rows.find(({ status }) => status === 'skipped')?.error).toMatchObject({ code: 'job_failed' });
  for (const action of ['pause', 'resume', 'cancel'] as const) {
    const response = await fetch(`${world.apiUrl}/v1/jobs/${id}/${action}`, { method: 'POST' });
    expect(response.status).toBe(409);
  }
});

it('stops a job of one call too', async () => {
  const message = 'Unknown Fields in POST Data: rank_scale';
  await world.fault({ kind: 'status', code: 40506, level: 'task', endpoint: 'bulk_pages_summary', message, count: 1 });
  const receiver = createServer().listen(0, '127.0.0.1');
  const called = once(receiver, 'request');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}/hook`, events: ['job.failed' as const] };
  const { id } = await world.client.submit({ endpoint: 'bulk_pages_summary', webhook }, domains(3));
  const [request, response] = (await called) as [IncomingMessage, ServerResponse];
  const event = webhookEvent.parse(await json(request));
  response.end();
  receiver.close();
  const job = await world.client.waitFor(id);
  expect(event).toMatchObject({
    type: 'job.failed',
    timestamp: expect.any(String),
    data: { job: { id, reason: job.reason } },
  });
  expect(job).toMatchObject({ status: 'failed', rows: { failed: 3 }, reason: `upstream_rejected: 40506 ${message}` });
});

it('lets a call wait that was sent too often, while others go on', async () => {
  const names = domains(3).map((name) => `often-${name}`);
  await world.fault({ kind: 'status', code: 40205, level: 'task', target: names[0] });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, names);
  await expect
    .poll(() => world.client.job(id))
    .toMatchObject({
      status: 'running',
      rows: { pending: 1, failed: 0 },
      calls: { done: 2, attempts: 3, in_flight: 0 },
    });
  expect(await world.client.cancel(id)).toMatchObject({ status: 'cancelled', rows: { pending: 0, skipped: 1 } });
});

it('goes on splitting where a worker was killed', async () => {
  const names = domains(1000).map((name) => `kill-${name}`);
  const bad = [0, 333, 334].map((at) => names[at] ?? '');
  await refuse(bad);
  await world.settings({ latency_ms: 100 });
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, names);
  await world.arrived(id, 10);
  await world.workers[0]?.child.kill();
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', rows: { ok: 997, failed: 3, pending: 0 } });
  expect(job.calls).toMatchObject({ failed: 3, in_flight: 0, unknown: 0 });
  expect(job.calls.planned).toBe(job.calls.done + job.calls.failed);
  expect(nanos(job.cost.spent_usd)).toBe((await recordOf(id)).cost);
  await checkBadRows(id, bad);
});
