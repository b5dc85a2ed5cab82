import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Graph } from '../src/graph/open.js';
import { serveEachTest } from './serve-tests.js';
import { call, openOtherGraph, startServer } from './support.js';

const result = z.object({
  total_count: z.number(),
  items_count: z.number(),
  items: z.array(z.looseObject({ url_from: z.string() })).nullable(),
  search_after_token: z.string(),
});

const TASK = { target: 'forbes.com', limit: 5, filters: ['dofollow', '=', true], order_by: ['first_seen,desc'] };
const server = serveEachTest();

async function pageOf(task: object, from = server) {
  const [answered] = (await call(from, 'backlinks', task)).tasks ?? [];
  if (answered?.status_code !== 20000) throw new Error(`${answered?.status_message}`);
  return result.parse(answered.result?.[0]);
}

async function messageOf(task: object, from = server) {
  const envelope = await call(from, 'backlinks', task);
  expect(envelope.cost).toBe(envelope.tasks?.[0]?.status_code === 20000 ? 0.02418 : 0);
  return envelope.tasks?.[0]?.status_message;
}

describe('a token', () => {
  test('goes on with its own request, whose offset may be left out and whose tag may change', async () => {
    const second = await pageOf({ ...TASK, offset: 5 });
    const third = await pageOf({ ...TASK, offset: 10 });
    const { search_after_token } = await pageOf(TASK);
    expect((await pageOf({ ...TASK, search_after_token, tag: 'second' })).items).toEqual(second.items);
    for (const offset of [0, 5]) {
      const task = { ...TASK, search_after_token: second.search_after_token, offset };
      expect((await pageOf(task)).items).toEqual(third.items);
    }
  });

  test('is refused with another request, and nothing is charged', async () => {
    const { search_after_token } = await pageOf(TASK);
    expect(await messageOf({ ...TASK, search_after_token })).toBe('Ok.');
    for (const other of [
      { limit: 6 },
      { offset: 5 },
      { filters: ['dofollow', '=', false] },
      { filters: null },
      { order_by: ['first_seen,asc'] },
      { target: 'cnn.com' },
      { mode: 'one_per_domain' },
      { custom_mode: { field: 'anchor', value: 1 } },
      { rank_scale: 'one_hundred' },
      { backlinks_status_type: 'all' },
      { include_subdomains: false },
      { exclude_internal_backlinks: false },
    ]) {
      const message = await messageOf({ ...TASK, search_after_token, ...other });
      expect(message, JSON.stringify(other)).toBe("Invalid Field: 'search_after_token'.");
    }
  });

  test('is refused where it is none, or was changed', async () => {
    const { search_after_token: token } = await pageOf(TASK);
    const held: Record<string, unknown> = JSON.parse(Buffer.from(token, 'base64').toString());
    const changed = (change: object) => Buffer.from(JSON.stringify({ ...held, ...change })).toString('base64');
    expect(await messageOf({ ...TASK, search_after_token: changed({}) })).toBe('Ok.');
    for (const search_after_token of [
      'no token',
      token.slice(0, -8),
      Buffer.from('null').toString('base64'),
      changed({ after: [] }),
      changed({ after: ['yesterday', 1, '2024-01-01', 'x'] }),
      changed({ after: 'x' }),
      changed({ offset: -1 }),
    ]) {
      const message = await messageOf({ ...TASK, search_after_token });
      expect(message, search_after_token).toBe("Invalid Field: 'search_after_token'.");
    }
  });

  test('is refused from another account', async () => {
    const { search_after_token } = await pageOf(TASK);
    const credentials = { login: 'another', password: 'secret', token: null };
    const other = await startServer(server.graph, { credentials });
    const authorization = `Basic ${btoa('another:secret')}`;
    const answer = await other.post('/v3/backlinks/backlinks/live', [{ ...TASK, search_after_token }], {
      headers: { authorization },
    });
    expect(await answer.json()).toMatchObject({
      tasks: [{ status_code: 40501, status_message: "Invalid Field: 'search_after_token'." }],
    });
    await other.stop();
  });

  test('lasts as long as the control says', async () => {
    const { search_after_token } = await pageOf(TASK);
    await server.control('PUT', '/settings', { search_after_token_ms: 0 });
    expect(await messageOf({ ...TASK, search_after_token })).toBe("Invalid Field: 'search_after_token'.");
    await server.control('PUT', '/settings', { search_after_token_ms: 3_600_000 });
    expect(await messageOf({ ...TASK, search_after_token })).toBe('Ok.');
  });

  test('of the last page leads to an empty one, and so on', async () => {
    const task = { target: 'forbes.com', limit: 1000, offset: 20_000 };
    const past = await pageOf(task);
    expect(past).toMatchObject({ items_count: 0, items: null });
    const next = await pageOf({ ...task, search_after_token: past.search_after_token });
    expect(next).toMatchObject({ total_count: past.total_count, items_count: 0, items: null });
  });
});

describe('a list of more than 20,000', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await openOtherGraph({});
    const run = (sql: string) => graph.rows(sql, {}, z.unknown());
    await run(`INSERT INTO pages SELECT pages.* REPLACE (10000 + 30 * page_id + i AS page_id, url || '?' || i AS url)
      FROM pages, range(25) r(i)`);
    await run(`INSERT INTO links SELECT l.* REPLACE (page_id AS link_id, page_id AS source_page)
      FROM (SELECT * FROM links WHERE target_domain = 0 AND lost_date IS NULL AND source_domain <> 0 LIMIT 1) l, pages
      WHERE page_id >= 10000`);
  });
  afterAll(() => graph.close());

  test('is read to its end: by offset up to 20,000, then by the tokens', async () => {
    await server.restart(graph);
    const task = { target: 'forbes.com', limit: 1000 };
    expect(await messageOf({ ...task, offset: 20_001 })).toBe("Invalid Field: 'offset'.");
    const seen: string[] = [];
    let page = await pageOf(task);
    const { total_count: total } = page;
    expect(total).toBeGreaterThan(25_000);
    for (let offset = 1000; page.items !== null; offset += 1000) {
      seen.push(...page.items.map(({ url_from }) => url_from));
      const { search_after_token } = page;
      page = await pageOf(offset <= 20_000 ? { ...task, offset } : { ...task, offset: 20_000, search_after_token });
    }
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });
});
