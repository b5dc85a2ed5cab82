import type { Result } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { findResult } from '../src/pages/job/results/find-result.js';
import type { ResultColumn } from '../src/pages/job/results/result-columns.js';
import { type LoadPage, openResults } from '../src/pages/job/results/results-loading.js';

const BACKLINKS: ResultColumn = {
  name: 'data.backlinks',
  title: 'Backlinks',
  kind: 'number',
  valueOf: ({ data }) => data?.backlinks,
};
const INPUT: ResultColumn = { name: 'input', title: 'Input', kind: 'text', valueOf: ({ input }) => input };

function resultOf(line: number): Result {
  const target = `site-${line}.com`;
  return {
    ...{ line, input: target.toUpperCase(), id: null, target, status: 'ok', duplicate_of: null, position: 0, call: 1 },
    ...{ fetched_at: null, source: 'upstream', data: { target, backlinks: line * 10 }, error: null },
  };
}

/** A list whose end may still move, read by a cursor as the service's is. */
function listOf(lines: { stored: number; isOver: boolean }) {
  let requests = 0;
  const load: LoadPage = async (cursor, limit) => {
    requests++;
    const from = Number(cursor ?? 0);
    const to = Math.min(lines.stored, from + limit);
    const results = Array.from({ length: to - from }, (_, step) => resultOf(from + step + 1));
    const done = lines.isOver && to === lines.stored;
    return { results, next_cursor: done ? null : String(to), done };
  };
  return { load, requests: () => requests };
}

const idle = (loading: ReturnType<typeof openResults>) =>
  expect.poll(() => loading.state.value.isLoading, { interval: 1 }).toBe(false);

describe('loading of results', () => {
  it('loads what is wanted, page by page, and no more', async () => {
    const list = listOf({ stored: 5000, isOver: true });
    const loading = openResults(list.load, [BACKLINKS], 250);
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 100, isDone: false });
    loading.want(700);
    await idle(loading);
    expect(loading.state.value.count).toBe(850);
    loading.want(Number.POSITIVE_INFINITY);
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 5000, isDone: true });
    expect(loading.state.value.rows.cellAt(4999, 'data.backlinks')).toBe(50_000);
  });

  it('waits at the end of a running job, and goes on when more has come', async () => {
    const lines = { stored: 40, isOver: false };
    const list = listOf(lines);
    const loading = openResults(list.load, [BACKLINKS], 250);
    loading.want(1000);
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 40, isDone: false });
    const before = list.requests();
    loading.want(0);
    await idle(loading);
    expect(list.requests()).toBe(before + 1);
    Object.assign(lines, { stored: 60, isOver: true });
    loading.want(0);
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 60, isDone: true });
  });

  it('stops where it is told to, and goes on from there', async () => {
    const loading = openResults(listOf({ stored: 20_000, isOver: true }).load, [], 250);
    loading.want(20_000);
    await expect.poll(() => loading.state.value.count, { interval: 1 }).toBeGreaterThan(500);
    loading.stop();
    const { count } = loading.state.value;
    loading.want(20_000);
    expect(loading.state.value).toMatchObject({ count, isLoading: false, isStopped: true });
    loading.goOn();
    await idle(loading);
    const { rows } = loading.state.value;
    expect(Array.from({ length: rows.count }, (_, at) => rows.lineAt(at))).toEqual(
      Array.from({ length: rows.count }, (_, at) => at + 1),
    );
  });

  it('keeps the error of a page, and goes on at that page when asked', async () => {
    const list = listOf({ stored: 300, isOver: true });
    let isAway = true;
    const load: LoadPage = (...request) => {
      if (isAway && request[0] !== null) return Promise.reject(new Error('away'));
      return list.load(...request);
    };
    const loading = openResults(load, [], 100);
    loading.want(300);
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 100, error: new Error('away') });
    isAway = false;
    loading.goOn();
    await idle(loading);
    expect(loading.state.value).toMatchObject({ count: 300, error: null, isDone: true });
  });

  it.each([
    ['at once where the results are whole', 1500, 0],
    ['by loading them again where they are not', 4000, 1],
  ])('shows other columns %s', async (_, count, again) => {
    const list = listOf({ stored: count, isOver: true });
    const loading = openResults(list.load, [BACKLINKS], 1000);
    loading.want(count);
    await idle(loading);
    const before = list.requests();
    loading.show([INPUT]);
    await idle(loading);
    expect(list.requests() > before).toBe(again > 0);
    const { rows } = loading.state.value;
    expect(rows.count).toBe(count);
    expect(rows.cellAt(count - 1, 'input')).toBe(`SITE-${count}.COM`);
    expect(rows.cells('data.backlinks')).toBeUndefined();
  });

  it('finds any line again by the cursor of its page, also when the pages are cut otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3999 }), async (index) => {
        const list = listOf({ stored: 4000, isOver: true });
        const loading = openResults(list.load, [], 1000);
        loading.want(4000);
        await idle(loading);
        const { rows } = loading.state.value;
        const place = { from: rows.cursorOf(index), line: rows.lineAt(index), position: rows.positionAt(index) };
        const shorter: LoadPage = (cursor, _limit, signal) => list.load(cursor, 64, signal);
        const found = await findResult(shorter, place, new AbortController().signal);
        expect(found?.line).toBe(index + 1);
      }),
      { numRuns: slowTries(20) },
    );
  });
});
