import { WHILE_PLANNING } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withCrashWorld } from './crash-world.js';
import { collect, domains, nanos } from './harness.js';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.js';

let upstream: RecordingUpstream;
beforeAll(async () => {
  upstream = await startRecordingUpstream((response, answer) => response.end(JSON.stringify(answer)));
});
afterAll(() => upstream.close());

const ROWS = 40_000;
const CALLS = 40;
const PLACES = 2;

it('a plan that its worker died over is written to its end by another, and no call is sent twice but those in hand', async () => {
  const options = { upstreamUrl: upstream.url, witness: upstream, places: PLACES, env: {} };
  await withCrashWorld(options, async (world) => {
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(ROWS));
    const { traces: crashed } = await world.crash(id, { point: WHILE_PLANNING, occurrence: 1 });
    expect(crashed.job).toMatchObject({ status: 'running', calls: { planned: CALLS }, rows: { total: ROWS } });
    await world.startWorker();
    const job = await world.client.waitFor(id);
    const { sent, stored } = await world.traces(id);
    expect(job).toMatchObject({
      status: 'completed',
      outcome: 'complete',
      rows: { pending: 0, ok: expect.any(Number) },
    });
    const rows = await collect(world.client.rows(id));
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: ROWS }, (_, at) => at + 1));
    expect(job.calls).toMatchObject({ planned: CALLS, done: CALLS });
    expect(stored.size).toBe(CALLS);
    expect(sent.size).toBeLessThanOrEqual(CALLS + PLACES);
    const paid = [...sent.values()].reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
    expect(nanos(job.cost.spent_usd)).toBe(paid);
  });
});
