import type { Line } from '@linkhaul/results';
import { type Row, rowsPage } from '@linkhaul/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { inLineOrder } from '../src/results/line-order.js';
import { finishedListJob } from './finished-job.js';
import { ask, jobOf, ndjsonOf, postJson } from './http.js';
import { createStarter, type Service } from './service.js';
import { ownTemporaryFolder } from './temporary-folder.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);
const folder = ownTemporaryFolder();

async function ordered(batches: readonly (readonly Line[])[]): Promise<Line[]> {
  const all: Line[] = [];
  for await (const some of inLineOrder(
    (async function* () {
      yield* batches;
    })(),
  )) {
    all.push(...some);
  }
  return all;
}

describe('lines in the order of the input', () => {
  it('are all there, and those of one row stay as they came', async () => {
    const line = fc.record({ line: fc.nat({ max: 12 }), status: fc.constant('ok' as const), item: fc.string() });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 5 }), async (batches) => {
        expect(await ordered(batches)).toEqual(batches.flat().toSorted((a, b) => a.line - b.line));
      }),
      { numRuns: slowTries(50) },
    );
    expect(await folder.names()).toEqual([]);
  });

  it('may be more than are held in memory at once', async () => {
    const lines = Array.from({ length: 45_000 }, (_, at) => ({ line: (at * 7919) % 45_000, status: 'ok' as const }));
    expect((await ordered([lines])).map(({ line }) => line)).toEqual(lines.map((_, at) => at));
  });
});

describe('the rows of a job', () => {
  const linesOf = (text: readonly string[]): number[] => text.map((line) => JSON.parse(line).line);

  it('come in line order in every form, and so does the CSV for a spreadsheet', async () => {
    const url = await finishedListJob(service);
    const page = rowsPage.parse(JSON.parse((await ask(`${url}/rows`)).text));
    expect(page.rows.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(linesOf(await ndjsonOf(url, 'rows'))).toEqual([1, 2, 3, 4, 5]);
    const recordsOf = async (query: string) => (await ask(`${url}/${query}`)).text.split('\r\n').slice(1, -1);
    const first = (records: string[]) => records.map((record) => Number(record.split(',')[0]));
    expect(first(await recordsOf('rows?format=csv'))).toEqual([1, 2, 3, 4, 5]);
    expect(first(await recordsOf('results?format=csv&spreadsheet=1'))).toEqual([1, 1, 2, 3, 4, 4, 5]);
    // What warehouses load stays in the order in which it is stored.
    expect(linesOf(await ndjsonOf(url, 'results'))).toEqual([2, 1, 1, 4, 4, 3, 5]);
  });

  const pagesOf = async (url: string, query: string): Promise<Row[][]> => {
    const pages: Row[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = rowsPage.parse(JSON.parse((await ask(`${url}/rows?${query}${more}`)).text));
      pages.push(page.rows);
      cursor = page.next_cursor;
    }
    return pages;
  };

  it('are in line order on every page, however they were packed into calls', async () => {
    // Neighbours are in calls of their own, more than one page looks at; some rows are invalid, and some asked for before.
    const targets = Array.from({ length: 1250 }, (_, at) => (at % 31 === 30 ? 'no' : `a${(at * 7) % 1171}.com`));
    const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'domain_pages', targets }));
    const url = `${service.url}/v1/jobs/${id}`;
    const waiting = await pagesOf(url, 'limit=1000');
    expect(waiting.flat().map(({ line }) => line)).toEqual(targets.map((_, at) => at + 1));
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.plan(1);
    const outcome = { kind: 'list' as const, offset: 0, items: 0, totalCount: 0, itemsSoFar: 0, costSoFar: 1 };
    for (const call of await worker.send()) {
      await worker.settle(call, { outcome: { ...outcome, status: 'empty', truncated: null } });
    }
    const all = (await ndjsonOf(url, 'rows')).map((line) => JSON.parse(line));
    expect(all.map(({ line }) => line)).toEqual(targets.map((_, at) => at + 1));
    for (const limit of [1000, 399]) {
      const pages = await pagesOf(url, `limit=${limit}`);
      expect(pages.flat()).toEqual(all);
    }
    for (const status of ['invalid', 'empty', 'pending']) {
      const pages = await pagesOf(url, `limit=100&status=${status}`);
      expect(pages.flat()).toEqual(all.filter((row) => row.status === status));
    }
  });

  it('are each given once by a walk that began before the job was planned, and ends when it is finished', async () => {
    const targets = ['b.com', 'no', 'a.com', 'www.b.com', 'c.com'];
    const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }));
    const next = async (cursor: string | null) => {
      const query = cursor === null ? '' : `&cursor=${cursor}`;
      return rowsPage.parse(JSON.parse((await ask(`${service.url}/v1/jobs/${id}/rows?limit=2${query}`)).text));
    };
    const first = await next(null);
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.plan(1);
    const second = await next(first.next_cursor);
    await worker.send();
    for (const call of [1, 2, 3]) await worker.settle(call, { outcome: { kind: 'bulk', items: [-1] } });
    await worker.finish();
    const last = await next(second.next_cursor);
    const given = [first, second, last].map(({ rows }) => rows.map(({ line, status }) => `${line} ${status}`));
    expect(given).toEqual([['1 pending', '2 invalid'], ['3 pending', '4 pending'], ['5 empty']]);
    expect(last.next_cursor).toBeNull();
  });
});
