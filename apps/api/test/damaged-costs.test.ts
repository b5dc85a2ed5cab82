import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Break, breakAnswer, brokenJob, bulkJob } from './damaged.js';
import { ask, jobOf, ndjsonOf, postJson } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

describe('a damaged answer', () => {
  it.each<[Break, number | null]>([
    ['emptied', null],
    ['removed', null],
    ['flipped in the header', null],
    ['flipped in the body', 0.024],
    ['cut in the body', 0.024],
  ])('shows what its rows cost where it is %s: of the call %s', async (how, paid) => {
    const { url } = await brokenJob(service, `cost-${how}`.replaceAll(' ', '-'), how);
    const rows = (await ndjsonOf(url, 'rows')).map((line): { line: number; cost_usd: number | null } =>
      JSON.parse(line),
    );
    const share = paid === null ? null : paid / 3;
    expect(rows.map(({ line, cost_usd }) => [line, cost_usd])).toEqual([
      ...[1, 2, 3].map((line) => [line, share]),
      [4, 0],
      ...[5, 6, 7].map((line) => [line, 0.008]),
      [8, 0],
    ]);
    const { text } = await ask(`${url}/rows?format=csv`);
    expect(text).toContain(`\n1,a.com,,a.com,domain,failed,,0,,,${share ?? ''},`);
  });

  describe('of a call that was split', () => {
    const bulk = (...items: number[]) => ({ outcome: { kind: 'bulk' as const, items }, items: [{ target: 'x.com' }] });

    /** Six targets in a call of which its second half is split again. A call costs 0.024. */
    async function splitJob(tag: string) {
      const targets = ['a.com', 'b.com', 'c.com', 'd.com', 'e.com', 'f.com', 'www.a.com'];
      const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets, tag }));
      const job = { tenant: 'local', id };
      const worker = await createWorker(service, job);
      await worker.plan(6);
      const split = { outcome: { kind: 'split' as const, message: 'bad' } };
      const [whole = 0] = await worker.send();
      await worker.settle(whole, split);
      const [first = 0, second = 0] = await worker.send();
      await worker.settle(first, bulk(0, -2, 0));
      await worker.settle(second, split);
      const [third = 0, fourth = 0] = await worker.send();
      await worker.settle(third, bulk(0, 0));
      await worker.settle(fourth, bulk(0));
      await worker.finish();
      await worker.retire();
      const url = `${service.url}/v1/jobs/${id}`;
      const rows = async () => {
        const lines: { line: number; cost_usd: number | null }[] = (await ndjsonOf(url, 'rows')).map((text) =>
          JSON.parse(text),
        );
        const byLine = lines.sort((a, b) => a.line - b.line);
        return byLine.map(({ cost_usd }) => (cost_usd === null ? null : Math.round(cost_usd * 1000)));
      };
      return { job, worker, url, rows, calls: { whole, first, second, third } };
    }
    const WHOLE_COSTS = [12, 12, 12, 24, 24, 36, 0];

    it.each<[Break, 'whole' | 'second' | 'third', (number | null)[]]>([
      ['flipped in the body', 'whole', WHOLE_COSTS],
      ['cut in the body', 'second', WHOLE_COSTS],
      ['flipped in the body', 'third', WHOLE_COSTS],
      ['emptied', 'whole', [null, null, null, null, null, null, 0]],
      ['removed', 'second', [12, 12, 12, null, null, null, 0]],
    ])('shows what its rows cost where the answer is %s: of the %s call', async (how, which, costs) => {
      const { job, rows, calls } = await splitJob(`split-${how}-${which}`.replaceAll(' ', '-'));
      expect(await rows()).toEqual(WHOLE_COSTS);
      await breakAnswer(service, { job, call: calls[which] }, how);
      expect(await rows()).toEqual(costs);
      expect(await rows()).toEqual(costs);
    });

    it('shares the cost by all targets of a half, also by those that a later run had taken up', async () => {
      const { job, worker, url, rows, calls } = await splitJob('split-share-of-some');
      expect(jobOf(await postJson(`${url}/retry`, { codes: ['missing_in_answer'] }))).toMatchObject({ run: 2 });
      await worker.planAgain();
      const [again = 0] = await worker.send();
      await worker.settle(again, bulk(0));
      await worker.finish();
      const costs = [12, 36, 12, 24, 24, 36, 0];
      expect(await rows()).toEqual(costs);
      await breakAnswer(service, { job, call: calls.first }, 'flipped in the body');
      expect(await rows()).toEqual(costs);
    });
  });

  it('shows the share of a row whose neighbour a later run had taken up', async () => {
    const { url, job, worker } = await bulkJob(service, 'share-of-some');
    expect(jobOf(await postJson(`${url}/retry`, { codes: ['missing_in_answer'] }))).toMatchObject({ run: 2 });
    await worker.planAgain();
    const [again = 0] = await worker.send();
    await worker.settle(again, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'c.com' }] });
    await worker.finish();
    await breakAnswer(service, { job, call: 1 }, 'flipped in the body');
    const costs = (await ndjsonOf(url, 'rows')).map((text): [number, number] => {
      const { line, cost_usd }: { line: number; cost_usd: number } = JSON.parse(text);
      return [line, Math.round(cost_usd * 1000)];
    });
    expect(costs.sort(([a], [b]) => a - b)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((line, at) => [line, [8, 8, 32, 0, 8, 8, 8, 0][at]]),
    );
  });

  it('shows what a list cost whose last page is damaged, and what those before it did where nothing else says', async () => {
    const soFar = { kind: 'list' as const, totalCount: null, truncated: null };
    for (const [how, cost] of [
      ['flipped in the body', 0.05],
      ['emptied', null],
    ] as const) {
      const body = { endpoint: 'referring_domains', targets: ['a.com'], max_items_per_target: 2000 };
      const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
      const job = { tenant: 'local', id };
      const worker = await createWorker(service, job);
      await worker.plan();
      await worker.send();
      const first = { ...soFar, offset: 0, items: 1000, itemsSoFar: 1000, costSoFar: 24_000_000, status: null };
      await worker.settle(1, { outcome: first });
      await worker.send();
      const second = {
        ...soFar,
        offset: 1000,
        items: 1,
        itemsSoFar: 1001,
        costSoFar: 50_000_000,
        status: 'ok' as const,
      };
      await worker.settle(2, { outcome: second });
      await worker.finish();
      await breakAnswer(service, { job, call: 2 }, how);
      const [row = ''] = await ndjsonOf(`${service.url}/v1/jobs/${id}`, 'rows');
      expect(JSON.parse(row)).toMatchObject({ error: { code: 'answer_damaged' }, items: 1000, cost_usd: cost });
    }
  });
});
