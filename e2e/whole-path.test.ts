import { readFile } from 'node:fs/promises';
import { ENDPOINTS, type EndpointName, type Job } from '@linkhaul/schemas';
import { examplePath } from '@linkhaul/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, nanos, startWorld, type World } from './harness.js';

let world: World;
const trio = ['facebook.com', 'twitter.com', 'google.com'];

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

function expectSums(job: Job): void {
  const { total, ...outcomes } = job.rows;
  expect(Object.values(outcomes).reduce((sum, rows) => sum + rows, 0)).toBe(total);
}

describe('a job of each endpoint', () => {
  it.each(Object.keys(ENDPOINTS) as EndpointName[])(
    '%s: every row answered, counts and cost as the upstream recorded',
    async (endpoint) => {
      const before = await world.record();
      const targets = [...trio, 'nobody-links-here-at-all.com', 'not a target', trio[0] ?? ''];
      const submitted = await world.client.submit({ endpoint, tag: `whole/${endpoint} ü` }, targets);
      expectSums(submitted);
      expect(submitted.rows).toMatchObject({ total: 6, invalid: 1 });
      expect(submitted.duplicates).toBe(1);

      const job = await world.client.waitFor(submitted.id);
      expectSums(job);
      expect(job).toMatchObject({ status: 'completed', outcome: 'complete', upstream: { simulated: true } });

      const after = await world.record();
      const own = after.requests.slice(before.requests.length);
      expect(own.every(({ tag }) => tag?.startsWith(`${job.id}.`))).toBe(true);
      expect(job.calls).toMatchObject({ planned: own.length, done: own.length, attempts: own.length });
      expect(nanos(job.cost.spent_usd)).toBe(nanos(after.totals.cost_usd) - nanos(before.totals.cost_usd));
      expect(job.items).toBe(own.reduce((items, request) => items + request.items, 0));

      const rows = await collect(world.client.rows(job.id));
      expect(rows.map(({ line }) => line).sort()).toEqual([1, 2, 3, 4, 5, 6]);
      expect(rows.reduce((sum, row) => sum + nanos(row.cost_usd ?? 0), 0)).toBe(nanos(job.cost.spent_usd));
      // White space separates the members of a set.
      const code = ENDPOINTS[endpoint].kind === 'set' ? 'single_label' : 'whitespace';
      expect(rows.find(({ line }) => line === 5)).toMatchObject({ status: 'invalid', error: { code } });
      expect(rows.find(({ line }) => line === 6)).toMatchObject({ status: 'ok', duplicate_of: 1 });

      const results = await collect(world.client.results(job.id));
      const items = (line: number) => results.filter((result) => result.line === line && result.data !== null);
      expect(items(6).map(({ data }) => data)).toEqual(items(1).map(({ data }) => data));
      for (const line of [1, 2, 3])
        expect(items(line)).toHaveLength(rows.find((row) => row.line === line)?.items ?? -1);
    },
  );
});

describe('reading', () => {
  it('pages through results as the stream gives them', async () => {
    const { id } = await world.client.submit({ endpoint: 'referring_domains', tag: 'paged' }, trio);
    await world.client.waitFor(id);
    const streamed = await collect(world.client.results(id));
    const paged: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.client.resultsPage(id, { limit: 7, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.results);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(streamed);
  });

  it('compares the summaries of two runs target by target, as it compares bulk items', async () => {
    for (let run = 0; run < 2; run++) {
      const { id } = await world.client.submit({ endpoint: 'summary', tag: 'summaries' }, trio);
      await world.client.waitFor(id);
    }
    const { summary, changes } = await world.client.tagDiff('summaries', { includeSame: true });
    expect(summary.counts).toMatchObject({ same: 3, new: 0, lost: 0 });
    const found = await collect(changes);
    expect(found.map(({ key }) => key).toSorted()).toEqual(trio.toSorted().map((target) => ({ target })));
    expect(found[0]?.before).toMatchObject({
      backlinks: expect.any(Number),
      'info.target_spam_score': expect.any(Number),
    });
  });

  it('answers under a tag with the latest completed job', async () => {
    const first = await world.client.submit({ endpoint: 'bulk_backlinks', tag: 'weekly' }, trio);
    await world.client.waitFor(first.id);
    const second = await world.client.submit({ endpoint: 'bulk_backlinks', tag: 'weekly' }, trio);
    await world.client.waitFor(second.id);
    const { job, results } = await world.client.tagResults('weekly');
    expect(job).toBe(second.id);
    expect(await collect(results)).toHaveLength(3);
    const history = await world.client.tag('weekly');
    expect(history.jobs.map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});

describe('text upload', () => {
  it('takes thousands of real pages, compressed, and answers every line', async () => {
    const text = await readFile(examplePath('pages.txt'), 'utf8');
    const lines = text.trimEnd().split('\n');
    const submitted = await world.client.submitText({ endpoint: 'bulk_pages_summary', tag: 'pages' }, text, {
      gzip: true,
    });
    expect(submitted.rows.total).toBe(lines.length);
    const job = await world.client.waitFor(submitted.id);
    expect(job.rows.ok).toBe(lines.length);
    expect(job.cost.spent_usd).toBe(job.cost.estimated_usd);
    const rows = await collect(world.client.rows(job.id));
    expect(rows.map(({ line, input }) => [line, input]).sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(
      lines.map((line, index) => [index + 1, line]),
    );
  });

  it('pages a list endpoint by limit and offset up to the limit of items', async () => {
    const job = await world.client.submit({ endpoint: 'domain_pages_summary', max_items_per_target: 2 }, trio);
    const done = await world.client.waitFor(job.id);
    expect(done.items).toBe(6);
    const rows = await collect(world.client.rows(job.id));
    expect(rows.map(({ truncated }) => truncated)).toEqual(['max_items', 'max_items', 'max_items']);
  });
});
