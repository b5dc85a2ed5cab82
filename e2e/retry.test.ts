import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, domains, HOLDING, nanos, startWorld, type World } from './harness.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ env: HOLDING });
});
afterAll(() => world.stop());

/** Checks that every line has one row, one result, and its share of what the upstream charged. */
async function checkWhole(id: string, lines: number): Promise<void> {
  const rows = await collect(world.client.rows(id));
  const results = await collect(world.client.results(id));
  const all = Array.from({ length: lines }, (_, at) => at + 1);
  expect(rows.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(all);
  expect(results.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(all);
  const { cost } = await world.client.job(id);
  const { requests } = await world.record();
  const charged = requests.filter(({ tag }) => tag?.startsWith(`${id}.`));
  expect(nanos(cost.spent_usd)).toBe(charged.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0));
  expect(rows.reduce((sum, { cost_usd }) => sum + nanos(cost_usd ?? 0), 0)).toBe(nanos(cost.spent_usd));
}

describe('a retry', () => {
  it('runs the failed rows again in place; the tag answers with the job meanwhile', async () => {
    await world.fault({ kind: 'status', code: 40103, level: 'task', count: 5, target: 'site-1.com' });
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks', tag: 'again' }, domains(1500));
    const first = await world.client.waitFor(id);
    expect(first).toMatchObject({ status: 'completed', outcome: 'partial', run: 1, rows: { failed: 1000 } });
    await checkWhole(id, 1500);
    await world.settings({ hold: true });
    await expect(world.client.retry(id, { codes: ['unconfirmed'] })).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.client.retry(id)).toMatchObject({ status: 'running', run: 2, finished_at: null });
    await expect(world.client.retry(id)).rejects.toMatchObject({ code: 'conflict' });
    expect((await world.client.tagResults('again')).job).toBe(id);
    await world.settings({ hold: false });
    const done = await world.client.waitFor(id);
    expect(done).toMatchObject({ status: 'completed', outcome: 'complete', run: 2 });
    expect(done.rows).toMatchObject({ total: 1500, failed: 0, pending: 0 });
    await checkWhole(id, 1500);
    await expect(world.client.retry(id)).rejects.toMatchObject({ code: 'conflict' });
    await world.client.remove(id);
    await expect(world.client.job(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on with a cancelled job, of which a part was asked, and with one that was never planned', async () => {
    await world.settings({ latency_ms: 200 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages_summary' }, domains(300));
    await world.arrived(id, 40);
    await world.client.cancel(id);
    const cancelled = await world.client.waitFor(id);
    expect(cancelled.rows.skipped).toBeGreaterThan(0);
    await checkWhole(id, 300);
    await world.settings({ latency_ms: 0 });
    await expect(world.client.retry(id, { status: ['failed'] })).rejects.toMatchObject({ code: 'conflict' });
    await world.client.retry(id, { status: ['skipped'] });
    const done = await world.client.waitFor(id);
    expect(done).toMatchObject({ status: 'completed', outcome: 'complete', run: 2, rows: { skipped: 0, total: 300 } });
    await checkWhole(id, 300);

    const unplanned = await world.client.submit({ endpoint: 'bulk_backlinks', start: 'manual' }, domains(3));
    await world.client.cancel(unplanned.id);
    await world.client.waitFor(unplanned.id);
    await world.client.retry(unplanned.id);
    expect(await world.client.waitFor(unplanned.id)).toMatchObject({ outcome: 'complete', rows: { skipped: 0 } });
    await checkWhole(unplanned.id, 3);
  });
});
