import { afterEach, expect, it } from 'vitest';
import { collect, nanos, SHORT_LEASES, startWorld, type World } from '../harness.js';

let world: World;
afterEach(() => world.stop());

const JOBS = 8;
const ROWS = 1500;
/** Targets of a job that no job before it has. */
const NEW = 600;

function listOf(job: number): string[] {
  return Array.from({ length: ROWS }, (_, at) => `fleet-${job * NEW + at}.com`);
}

it('a fleet of jobs with overlapping lists buys each target once, whichever worker is killed', async () => {
  world = await startWorld({ workers: 2, env: { ...SHORT_LEASES, WORKER_CONCURRENCY: '4' } });
  await world.settings({ latency_ms: 300 });
  const ids: string[] = [];
  const submit = async (job: number) => {
    const { id } = await world.client.submit({ endpoint: 'bulk_pages_summary', max_age: '1d' }, listOf(job));
    ids.push(id);
    return id;
  };
  const alive = [...world.workers];
  for (let job = 0; job < JOBS; job++) {
    const id = await submit(job);
    if (job % 2 === 1) continue;
    await world.arrived(id, 1);
    await alive.shift()?.child.kill();
    alive.push(await world.startWorker());
  }
  const jobs = await Promise.all(ids.map((id) => world.client.waitFor(id)));
  for (const job of jobs) {
    expect(job).toMatchObject({ status: 'completed', rows: { total: ROWS, pending: 0, failed: 0, skipped: 0 } });
    const rows = await collect(world.client.rows(job.id));
    const paid = rows.reduce((sum, { cost_usd }) => sum + nanos(cost_usd ?? 0), 0);
    expect(paid + nanos(job.cost.wasted_usd)).toBe(nanos(job.cost.spent_usd));
  }
  const { requests, totals } = await world.record();
  expect(jobs.reduce((sum, { cost }) => sum + nanos(cost.spent_usd), 0)).toBe(nanos(totals.cost_usd));
  const distinct = new Set(ids.flatMap((_, job) => listOf(job))).size;
  expect(jobs.reduce((sum, { reused }) => sum + ROWS - reused, 0)).toBe(distinct);
  // Whatever was bought twice was lost with a worker that held it, and counts as wasted.
  const bought = requests.filter(({ path }) => path.endsWith('/live')).reduce((sum, { items }) => sum + items, 0);
  const wasted = jobs.reduce((sum, { cost }) => sum + nanos(cost.wasted_usd), 0);
  expect(wasted === 0 ? bought - distinct : Math.sign(bought - distinct)).toBe(wasted === 0 ? 0 : 1);
});
