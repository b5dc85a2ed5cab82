import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, nanos } from './harness.js';
import type { SentTask } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';

const PAGES = 4;
const SPOILED: Record<string, (path: string) => void> = {
  removed: (path) => rmSync(path),
  emptied: (path) => truncateSync(path),
  cut: (path) => truncateSync(path, readFileSync(path).length - 10),
  'flipped in its header': (path) => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(50) ^ 8, 50);
    writeFileSync(path, bytes);
  },
};

let world: OtherWorld;
/** Called while the upstream works on a call. The calls before it are settled by then. */
let meanwhile: (task: SentTask) => void = () => undefined;

beforeAll(async () => {
  world = await startOtherWorld((_, task) => {
    meanwhile(task);
    const { targets, offset = 0, limit = 100 } = task;
    const all = PAGES * 1000 - 500;
    const items =
      targets?.map((target) => ({ target, backlinks: 1 })) ??
      Array.from({ length: Math.max(0, Math.min(limit, all - offset)) }, (_, at) => ({ page: `p${offset + at}` }));
    return { result: { total_count: all, items_count: items.length, items }, items: items.length };
  });
});
afterAll(() => world.stop());

const fileOf = (jobId: string, call: number) =>
  join(world.dataDir, 'storage/jobs/local', jobId, 'answers/000000', `${call}.1`);
const codesOf = (lines: readonly { error: { code: string } | null; status: string }[]) =>
  lines.map(({ error, status }) => error?.code ?? status).sort();

describe.each(Object.entries(SPOILED))('a stored answer that is %s', (_, spoil) => {
  it('while the next page runs fails its row once: no page is bought after that one', async () => {
    const charged = world.upstream.chargedNanos();
    meanwhile = ({ tag, offset = 0 }) => {
      if (offset === 1000) spoil(fileOf(tag.split('.')[0] ?? '', 1));
    };
    const { id } = await world.client.submit({ endpoint: 'domain_pages', max_items_per_target: 10_000 }, [
      'example.com',
    ]);
    const job = await world.client.waitFor(id);
    meanwhile = () => undefined;
    expect(job).toMatchObject({ status: 'completed', outcome: 'none', rows: { total: 1, failed: 1 } });
    expect(world.tasksOf(id)).toHaveLength(2);
    expect(nanos(job.cost.spent_usd)).toBe(world.upstream.chargedNanos() - charged);
    expect(job.cost).toMatchObject({ unconfirmed_usd: 0, wasted_usd: 0, reserved_usd: 0 });
    expect(codesOf(await collect(world.client.rows(id)))).toEqual(['answer_damaged']);
    const results = await collect(world.client.results(id));
    expect(results.filter(({ position }) => position === null)).toMatchObject([{ error: { code: 'answer_damaged' } }]);

    const again = await world.client.retry(id, { codes: ['answer_damaged'] });
    expect(again).toMatchObject({ run: 2 });
    const whole = await world.client.waitFor(id);
    expect(whole).toMatchObject({ outcome: 'complete', rows: { ok: 1, failed: 0 } });
    expect(nanos(whole.cost.spent_usd)).toBe(world.upstream.chargedNanos() - charged);
    const items = await collect(world.client.results(id));
    expect(items.map(({ position }) => position)).toEqual(Array.from({ length: 3500 }, (_, at) => at));
    expect(await collect(world.client.rows(id))).toMatchObject([{ status: 'ok', items: 3500 }]);
  });

  it('of a bulk call fails its rows in a download that goes on', async () => {
    const targets = Array.from({ length: 2500 }, (_, at) => `site-${at}.com`);
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, targets);
    expect(await world.client.waitFor(id)).toMatchObject({ outcome: 'complete' });
    const asked = world.tasksOf(id).length;
    spoil(fileOf(id, 2));
    const results = await collect(world.client.results(id));
    const failed = results.filter(({ error }) => error?.code === 'answer_damaged').length;
    expect(results).toHaveLength(2500);
    expect(failed).toBeGreaterThan(0);
    const job = await world.client.job(id);
    expect(job).toMatchObject({ outcome: 'partial', rows: { ok: 2500 - failed, failed, pending: 0 } });
    expect(await world.client.manifest(id)).toMatchObject({ rows: 2500, damaged_rows: failed });
    await world.client.retry(id, { codes: ['answer_damaged'] });
    expect(await world.client.waitFor(id)).toMatchObject({ outcome: 'complete', rows: { ok: 2500, failed: 0 } });
    expect(world.tasksOf(id)).toHaveLength(asked + 1);
    expect(codesOf(await collect(world.client.results(id)))).toEqual(targets.map(() => 'ok'));
  });
});
