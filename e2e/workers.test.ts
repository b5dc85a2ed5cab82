import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, domains, nanos, SHORT_LEASES, startWorld, type World } from './harness.js';

/** Calls that a worker has in hand at once. */
const PLACES = 8;

const SLOTS = 6;

let world: World;
beforeAll(async () => {
  world = await startWorld({
    workers: 2,
    env: {
      ...SHORT_LEASES,
      UPSTREAM_MAX_IN_FLIGHT: String(SLOTS),
      BACKLINKS_MAX_IN_FLIGHT: String(SLOTS),
      UPSTREAM_MAX_PER_MINUTE: '3000',
      BACKLINKS_MAX_PER_MINUTE: '3000',
      WORKER_CONCURRENCY: String(PLACES),
    },
  });
});
afterAll(() => world.stop());

/** What the upstream recorded of a job's calls. */
async function recordOf(id: string) {
  const { requests, totals } = await world.record();
  return { requests: requests.filter(({ tag }) => tag?.startsWith(`${id}.`)), totals };
}

it('keeps to the limits of the account over two workers, and is never refused', async () => {
  await world.settings({ latency_ms: 20 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(120));
  const job = await world.client.waitFor(id);
  expect(job.rows).toMatchObject({ total: 120, pending: 0, failed: 0 });
  const { requests, totals } = await world.record();
  expect(requests.filter(({ status_code }) => status_code === 40202 || status_code === 40209)).toEqual([]);
  expect(totals.max_in_flight).toBeLessThanOrEqual(SLOTS);
  expect(requests.filter(({ path }) => path.endsWith('/live'))).toHaveLength(120);
});

it('loses no row and pays twice for nothing but what was in flight when a worker is killed', async () => {
  await world.settings({ latency_ms: 400 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages_summary' }, domains(40));
  await world.arrived(id, 10);
  await world.workers[0]?.child.kill();
  const job = await world.client.waitFor(id);

  expect(job).toMatchObject({ status: 'completed', rows: { total: 40, pending: 0, failed: 0 } });
  const rows = await collect(world.client.rows(id));
  expect(rows.map(({ line }) => line).sort((a, b) => a - b)).toEqual(rows.map((_, index) => index + 1));
  const { requests, totals } = await recordOf(id);
  expect(nanos(job.cost.spent_usd)).toBe(requests.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0));
  const again = requests.filter(({ tag }) => tag?.split('.')[2] !== '1');
  // In the hands of the killed worker: sent, or answered and not settled yet. Their slots are free again by then.
  expect(again.length).toBeLessThanOrEqual(PLACES);
  expect(nanos(job.cost.wasted_usd)).toBe(again.length === 0 ? 0 : nanos(job.cost.wasted_usd));
  expect(totals.max_in_flight).toBeLessThanOrEqual(SLOTS);
});

it('drains on SIGTERM: calls in flight end, none is left unknown', async () => {
  await world.settings({ latency_ms: 500 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(10));
  await world.arrived(id, 5);
  await Promise.all(world.workers.map(({ child }) => child.stop()));
  const job = await world.client.job(id);
  expect(job.calls).toMatchObject({ in_flight: 0, unknown: 0 });
  expect(job.calls.done).toBe(job.calls.attempts);
});
