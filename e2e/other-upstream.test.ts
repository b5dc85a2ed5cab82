import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isThorough } from './env.js';
import { collect, nanos } from './harness.js';
import type { AnswerCall, SentTask } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';

/** A world that keeps everything in Redis, as no other storage is named. */
let world: OtherWorld;
/** What the upstream answers in the test that runs. */
let answer: AnswerCall = () => ({ result: null, items: 0 });

beforeAll(async () => {
  world = await startOtherWorld((endpoint, task) => answer(endpoint, task), { env: { STORAGE_URL: 'redis:' } });
});
afterAll(() => world.stop());

function page(all: readonly unknown[], { limit = 100, offset = 0 }: SentTask, total_count: number) {
  const items = all.slice(offset, offset + limit);
  return {
    result: { total_count, items_count: items.length, items: items.length === 0 ? null : items },
    items: items.length,
  };
}

it('matches items by target in an order and a form of the upstream’s own', async () => {
  answer = (_, { targets = [] }) => {
    const items = targets
      .filter((target) => !target.includes('left-out'))
      .map((target) => ({
        type: 'backlinks_page_summary',
        url: target.startsWith('http') ? target : `https://${target}/`,
        rank: target.length,
        note: { kept: [1] },
      }))
      .reverse();
    return {
      result: { total_count: items.length, items_count: items.length, items: [null, ...items] },
      items: items.length,
    };
  };
  const targets = [
    'example.com',
    'https://example.com/',
    'www.other.org',
    'left-out.net',
    'https://Other.org/A?b=1#c',
    'example.com',
  ];
  const { id } = await world.client.submit({ endpoint: 'bulk_pages_summary', tag: 'own form' }, targets);
  const job = await world.client.waitFor(id);

  expect(job).toMatchObject({
    outcome: 'partial',
    rows: { total: 6, ok: 5, failed: 1 },
    duplicates: 1,
    upstream: { simulated: false },
  });
  expect(nanos(job.cost.spent_usd)).toBe(world.upstream.chargedNanos());
  for (const { targets: sent = [] } of world.upstream.tasks) {
    expect(sent.includes('example.com') && sent.includes('https://example.com/')).toBe(false);
  }
  const results = await collect(world.client.results(id));
  const byLine = new Map(results.map((result) => [result.line, result]));
  expect(byLine.get(1)?.data).toEqual({
    type: 'backlinks_page_summary',
    url: 'https://example.com/',
    rank: 11,
    note: { kept: [1] },
  });
  expect(byLine.get(2)?.data).toMatchObject({ rank: 'https://example.com/'.length });
  expect(byLine.get(3)).toMatchObject({ target: 'other.org', data: { rank: 'other.org'.length } });
  expect(byLine.get(4)).toMatchObject({ status: 'failed', error: { code: 'missing_in_answer', retryable: true } });
  expect(byLine.get(5)).toMatchObject({ target: 'https://other.org/A?b=1' });
  expect(byLine.get(6)).toMatchObject({ duplicate_of: 1, data: byLine.get(1)?.data });
});

it('reads a list to its end, whatever its total counts', async () => {
  const domains = Array.from({ length: 1000 }, (_, index) => ({ domain: `d${index}.com` }));
  const pages = Array.from({ length: 2345 }, (_, index) => ({ page: `https://example.com/${index}` }));
  answer = (endpoint, sent) => {
    if (sent.target === 'nothing.com') return { result: null, items: 0 };
    return endpoint === 'domain_pages' ? page(pages, sent, pages.length) : page(domains, sent, 700);
  };
  const before = world.upstream.chargedNanos();
  const run = async (endpoint: 'domain_pages' | 'referring_domains', max_items_per_target: number) => {
    const { id } = await world.client.submit({ endpoint, max_items_per_target }, ['example.com', 'nothing.com']);
    const job = await world.client.waitFor(id);
    const results = await collect(world.client.results(id));
    const items = results.filter(({ line, position }) => line === 1 && position !== null);
    expect(items.map(({ position }) => position)).toEqual(items.map((_, index) => index));
    const [row, none] = (await collect(world.client.rows(id))).sort((a, b) => a.line - b.line);
    expect(none).toMatchObject({ status: 'empty', items: 0 });
    return { job, data: items.map(({ data }) => data), row };
  };

  const all = await run('domain_pages', 10_000);
  expect(all.data).toEqual(pages);
  expect(all.row).toMatchObject({ status: 'ok', items: 2345, total_count: 2345, truncated: null });
  expect(all.job.calls).toMatchObject({ planned: 4, done: 4 });

  const some = await run('domain_pages', 1500);
  expect(some.data).toEqual(pages.slice(0, 1500));
  expect(some.row).toMatchObject({ items: 1500, truncated: 'max_items' });

  const referring = await run('referring_domains', 5000);
  expect(referring.data).toEqual(domains);
  expect(referring.row).toMatchObject({ status: 'ok', items: 1000, truncated: null });

  const spent = [all, some, referring].reduce((sum, { job }) => sum + nanos(job.cost.spent_usd), 0);
  expect(spent).toBe(world.upstream.chargedNanos() - before);
  expect(new Set(world.upstream.tasks.map(({ tag }) => tag)).size).toBe(world.upstream.tasks.length);
});

/** With each run, `gateway.test.ts` has both of the gateway, which has no record either. */
describe.runIf(isThorough)('where there is no record to ask', () => {
  const soon = { UPSTREAM_TIMEOUT_MS: '2000', UPSTREAM_MAX_RUN_MS: '200', UPSTREAM_SETTLE_MS: '100' };
  const breakFirst = (): AnswerCall => {
    let calls = 0;
    return (_, { targets = [] }) => {
      if (++calls === 1) return 'break';
      return { result: { items: targets.map((target) => ({ target, backlinks: 1 })) }, items: targets.length };
    };
  };
  async function open(env: Record<string, string>): Promise<OtherWorld> {
    const opened = await startOtherWorld(breakFirst(), { env });
    onTestFinished(() => opened.stop());
    return opened;
  }

  it('buys again by default, and shows what may have been spent', async () => {
    const world = await open(soon);
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, ['example.com']);
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ outcome: 'complete', rows: { ok: 1 }, calls: { attempts: 2 } });
    const { spent_usd, unconfirmed_usd } = job.cost;
    expect(nanos(spent_usd)).toBeLessThan(world.upstream.chargedNanos());
    expect(nanos(spent_usd) + nanos(unconfirmed_usd)).toBeGreaterThanOrEqual(world.upstream.chargedNanos());
  });

  it('parks the call where that is set: its rows fail, retryable, and the job closes', async () => {
    const world = await open({ ...soon, UPSTREAM_UNKNOWN: 'park' });
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, ['example.com']);
    expect(await world.client.waitFor(id)).toMatchObject({
      outcome: 'none',
      rows: { failed: 1 },
      cost: { spent_usd: 0 },
    });
    const [row] = await collect(world.client.rows(id));
    expect(row?.error).toMatchObject({ code: 'unconfirmed', retryable: true });
    expect(world.upstream.tasks).toHaveLength(1);
  });
});

it('shows what it keeps in Redis: rows, results and what was wrong', async () => {
  const pages = Array.from({ length: 1200 }, (_, index) => ({ page: `https://example.com/${index}` }));
  answer = (_, sent) => page(pages, sent, pages.length);
  const { id } = await world.client.submit({ endpoint: 'domain_pages', max_items_per_target: 2000 }, [
    'example.com',
    'no target',
  ]);
  expect(await world.client.waitFor(id)).toMatchObject({
    outcome: 'complete',
    items: 1200,
    rows: { ok: 1, invalid: 1 },
  });
  const results = await collect(world.client.results(id));
  expect(results.filter(({ line }) => line === 1).map(({ data }) => data)).toEqual(pages);
  expect((await collect(world.client.rows(id))).map(({ status }) => status)).toEqual(['ok', 'invalid']);
});
