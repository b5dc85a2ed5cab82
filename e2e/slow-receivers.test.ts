import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import { startNameServer } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startWorld, type World } from './harness.js';
import { startReceiver } from './receiver.js';

const MOST_A_TENANT = 10;
const keyOf = (tenant: string) => `the-key-of-${tenant}-tenant`;

/** The names that receivers' hosts were asked for. Only `good.test` has an address; servers of others are silent. */
const asked = new Set<string>();
let names: Awaited<ReturnType<typeof startNameServer>>;
/** Of all tests: they end with the last one, which stops the API. */
let world: World;
beforeAll(async () => {
  names = await startNameServer((name, family) => {
    asked.add(name);
    if (name !== 'good.test') return null;
    return family === 4 ? ['127.0.0.1'] : [];
  });
  const keys = ['noisy', 'quiet', 'patient'].map((tenant) => `${tenant}:${keyOf(tenant)}`).join(',');
  const env = { LINKHAUL_API_KEYS: keys, WEBHOOK_ALLOW_PRIVATE: '1', WEBHOOK_DNS_SERVERS: names.address };
  world = await startWorld({ workers: 1, env });
});
afterAll(async () => {
  await world.stop();
  await names.close();
});

function clientOf(tenant: string): LinkhaulClient {
  return createLinkhaulClient({ baseUrl: world.apiUrl, apiKey: keyOf(tenant) });
}

async function submit(client: LinkhaulClient, url: string, jobs: number): Promise<void> {
  for (let job = 0; job < jobs; job++) {
    await client.submit({ endpoint: 'bulk_backlinks', webhook: { url } }, [`site-${job}.com`]);
  }
}

it('a worker that stops gives back what no receiver has answered, and counts no attempt', async () => {
  const client = clientOf('patient');
  const held: ServerResponse[] = [];
  const receiver = await startReceiver((response) => held.push(response));
  const JOBS = 3;
  await submit(client, receiver.url, JOBS);
  await receiver.received(JOBS);
  await world.workers[0]?.child.stop();
  const given = (await client.deliveries()).deliveries;
  expect(given.map(({ status, attempts }) => [status, attempts])).toEqual(Array(JOBS).fill(['pending', []]));

  await world.startWorker();
  await receiver.received(2 * JOBS);
  for (const response of held.slice(JOBS)) response.writeHead(204).end();
  const delivered = async () => (await client.deliveries({ status: ['delivered'] })).deliveries;
  await expect.poll(delivered).toHaveLength(JOBS);
  for (const { attempts } of await delivered()) expect(attempts).toMatchObject([{ status: 204 }]);
  expect(new Set(receiver.seen.map(({ id }) => id)).size).toBe(JOBS);
});

it('jobs, webhooks and tests go on beside names whose servers are silent', async () => {
  const [noisy, quiet] = [clientOf('noisy'), clientOf('quiet')];
  const JOBS = 40;
  for (let job = 0; job < JOBS; job++) await submit(noisy, `http://silent-${job}.test/`, 1);
  const tests = Array.from({ length: MOST_A_TENANT }, (_, at) => noisy.testWebhook(`http://silent-test-${at}.test/`));
  await expect.poll(() => asked.size).toBeGreaterThanOrEqual(2 * MOST_A_TENANT);

  const receiver = await startReceiver();
  const good = receiver.url.replace('127.0.0.1', 'good.test');
  await submit(quiet, good, 1);
  await receiver.received(1);
  expect(receiver.seen[0]?.event).toMatchObject({ type: 'job.completed' });
  expect(await Promise.all(tests)).toEqual(
    Array(MOST_A_TENANT).fill(expect.objectContaining({ status: null, error: 'no_address' })),
  );
});

it('an API that stops says so to who tests a receiver that does not answer', async () => {
  // Not `startReceiver`, because the test event is not in the schema of events.
  const silent = createServer(() => silent.emit('seen')).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const seen = once(silent, 'seen');
  const response = fetch(`${world.apiUrl}/v1/webhooks/test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf('patient')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` }),
  });
  await seen;
  const stopped = world.api.child.stop();
  expect((await response).status).toBe(503);
  await stopped;
});
