import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Job } from '@linkhaul/schemas';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, domains, SOON_DEAD, startWorld, type World } from './harness.js';
import { startReceiver } from './receiver.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ workers: 1, env: { ...SOON_DEAD, UPSTREAM_MAX_IN_FLIGHT: '2' } });
});
afterAll(() => world.stop());

it('shows a job while it runs, up to its end', async () => {
  await world.settings({ latency_ms: 100 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(30));
  const states: Job[] = await collect(world.client.states(id));
  expect(states.at(-1)).toMatchObject({ status: 'completed', rows: { pending: 0 } });
  expect(states.at(-1)).toEqual(await world.client.job(id));
  expect(states.length).toBeGreaterThan(3);
  const decided = states.map(({ progress }) => progress);
  expect(decided).toEqual([...decided].sort((a, b) => a - b));
});

it('delivers by another worker, with the same ids, what the one that was killed was about', async () => {
  const { client, workers } = world;
  const JOBS = 8;
  const held: ServerResponse[] = [];
  const receiver = await startReceiver((response, number) => {
    if (number <= JOBS) held.push(response);
    else response.writeHead(204).end();
  });
  for (const target of domains(JOBS)) {
    await client.submit({ endpoint: 'bulk_backlinks', webhook: { url: receiver.url } }, [target]);
  }
  await receiver.received(JOBS);
  const ends = held.map((response) => once(response, 'close'));
  await world.startWorker();
  await workers[0]?.child.kill();
  await Promise.all(ends);

  const delivered = async () => (await client.deliveries({ status: ['delivered'] })).deliveries;
  await expect.poll(delivered).toHaveLength(JOBS);
  const again = receiver.seen.slice(JOBS);
  expect(again.length).toBeGreaterThanOrEqual(JOBS);
  const bodies = new Map(receiver.seen.slice(0, JOBS).map(({ id, body }) => [id, body]));
  expect(bodies.size).toBe(JOBS);
  for (const { id, body } of again) expect(body).toBe(bodies.get(id));
});

it('tells of each transition once, at the tenant’s default webhook, and lists them all in order', async () => {
  const { client } = world;
  const receiver = await startReceiver();
  await client.setDefaultWebhook({ url: receiver.url });
  const { id } = await client.submit({ endpoint: 'domain_pages', start: 'manual' }, domains(6));
  await client.waitFor(id, { untilPaused: true, roundMs: 200 });
  await receiver.received(1);
  await client.resume(id);
  await client.waitFor(id);
  await receiver.received(3);
  const events = (await client.events()).events.filter(({ data }) => 'job' in data && data.job.id === id);
  expect(events.map(({ type }) => type)).toEqual(['job.paused', 'job.resumed', 'job.completed']);
  expect(new Set(receiver.seen.map((one) => one.id))).toEqual(new Set(events.map((one) => one.id)));
  const verifier = new Webhook(await client.webhookSecret());
  for (const { headers, body, event, id: eventId } of receiver.seen) {
    verifier.verify(body, headers);
    expect({ id: eventId, ...event }).toEqual(events.find((one) => one.id === eventId));
  }

  const completed = events.at(-1)?.id ?? '';
  const delivered = async () => (await client.deliveries({ job: id, status: ['delivered'] })).deliveries.length;
  await expect.poll(delivered).toBe(3);
  await client.redeliver(completed);
  await receiver.received(4);
  expect(receiver.seen.at(-1)).toMatchObject({ id: completed, event: { type: 'job.completed' } });
  const attempted = async () => {
    const { deliveries } = await client.deliveries({ job: id });
    return deliveries.find(({ event }) => event === 'job.completed')?.attempts.length;
  };
  await expect.poll(attempted).toBe(2);
  const { deliveries } = await client.deliveries({ job: id, status: ['delivered'] });
  expect(deliveries.map(({ event }) => event).sort()).toEqual(['job.completed', 'job.paused', 'job.resumed']);
});
