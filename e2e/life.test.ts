import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookEvent } from '@linkhaul/schemas';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { collect, domains, HOLDING, nanos, startWorld, type World } from './harness.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ workers: 1, env: { ...HOLDING, UPSTREAM_MAX_IN_FLIGHT: '3' } });
});
beforeEach(() => world.settings({ hold: false }));
afterAll(() => world.stop());

it('cancels at once: rows in flight get their answer, all others are skipped', async () => {
  await world.settings({ hold: true });
  const before = (await world.record()).totals;
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(30));
  await world.arrived(id, 3);
  const cancelled = await world.client.cancel(id);
  expect(cancelled).toMatchObject({ status: 'cancelled', rows: { pending: 3, skipped: 27 }, finished_at: null });
  await world.settings({ hold: false });
  const job = await world.client.waitFor(id);
  expect(job.rows).toMatchObject({ pending: 0, skipped: 27 });
  expect(nanos(job.cost.spent_usd)).toBe(nanos((await world.record()).totals.cost_usd) - nanos(before.cost_usd));
  const rows = await collect(world.client.rows(id));
  expect(rows.filter(({ status }) => status === 'skipped')).toHaveLength(27);
  expect(await collect(world.client.results(id))).toHaveLength(job.items + job.rows.empty + 27);
});

it('pauses and resumes', async () => {
  await world.settings({ hold: true });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(12));
  await world.arrived(id, 1);
  expect(await world.client.pause(id)).toMatchObject({ status: 'paused', reason: 'user' });
  await world.settings({ hold: false });
  expect(await world.client.resume(id)).toMatchObject({ status: 'running', reason: null });
  expect(await world.client.waitFor(id)).toMatchObject({
    status: 'completed',
    rows: { pending: 0 },
    calls: { done: 12 },
  });
});

it('starts by hand when asked to', async () => {
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks', start: 'manual' }, domains(2));
  const paused = await world.client.waitFor(id, { untilPaused: true, roundMs: 200 });
  expect(paused).toMatchObject({ status: 'paused', reason: 'manual_start', cost: { spent_usd: 0 } });
  await world.client.resume(id);
  expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed' });
});

it('delivers a signed webhook, again after a failure, with the same id', async () => {
  const seen: { headers: Record<string, string>; body: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      seen.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(seen.length === 1 ? 500 : 204).end();
      if (seen.length === 2) receiver.emit('delivered');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const delivered = once(receiver, 'delivered');

  const submitted = await world.client.submit(
    {
      endpoint: 'bulk_backlinks',
      tag: 'hooked',
      metadata: { team: 'seo' },
      webhook: { url: `http://127.0.0.1:${port}/hook` },
    },
    domains(2),
  );
  await delivered;
  receiver.close();

  const [first, second] = seen;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  const verifier = new Webhook(await world.client.webhookSecret());
  for (const { headers, body } of seen) {
    const event = webhookEvent.parse(verifier.verify(body, headers));
    expect(event).toMatchObject({
      type: 'job.completed',
      data: { metadata: { team: 'seo' }, job: { id: submitted.id, status: 'completed' } },
    });
  }
});
