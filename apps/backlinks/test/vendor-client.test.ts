import { upstreamTimestamp } from '@linkhaul/schemas';
import { BacklinksApi } from 'dataforseo-client/api';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { serveAllTests } from './serve-tests.js';
import { AUTHORIZATION } from './support.js';

/** The client's types resolve in its CommonJS form only. */
type Models = typeof import('dataforseo-client/models', { with: { 'resolution-mode': 'require' }});
type Response<N extends `${string}ResponseInfo` & keyof Models> = InstanceType<Models[N]> | null;

/** The vendor's own client, unchanged: what it reads from our answers is what it would read from theirs. */
const server = serveAllTests();
let backlinks: BacklinksApi;
/** The last answer as it came over the wire. */
let wire: unknown;

beforeAll(() => {
  const authorized = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: AUTHORIZATION },
    });
    wire = await response.clone().json();
    return response;
  };
  backlinks = new BacklinksApi(server.url, { fetch: authorized });
});

/** All that the client's types name is there, and it reads all that was sent: nothing is lost either way. */
function expectWhole(response: object | null): void {
  expect(missing(response)).toEqual([]);
  expect(JSON.parse(JSON.stringify(response))).toEqual(wire);
  expect(response).toMatchObject({ status_code: 20000, tasks_count: 1, tasks_error: 0 });
}

/** Paths of fields that a type names and the answer did not have. */
function missing(value: unknown, path = ''): string[] {
  if (value === undefined) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => missing(part, `${path}.${name}`));
}

test('bulk_backlinks', async () => {
  const targets = ['forbes.com', 'https://www.apple.com/iphone/'];
  const response: Response<'BacklinksBulkBacklinksLiveResponseInfo'> = await backlinks.bulkBacklinksLive([{ targets }]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items.map(({ target }) => target).toSorted()).toEqual(targets);
  for (const { backlinks: count } of items) expect(count).toBeGreaterThan(0);
});

test('bulk_pages_summary', async () => {
  const response: Response<'BacklinksBulkPagesSummaryLiveResponseInfo'> = await backlinks.bulkPagesSummaryLive([
    { targets: ['forbes.com', 'cnn.com'], include_subdomains: true, rank_scale: 'one_hundred', tag: 'a tag' },
  ]);
  expectWhole(response);
  const task = response?.tasks?.[0];
  expect(task?.data).toMatchObject({ api: 'backlinks', function: 'bulk_pages_summary', tag: 'a tag' });
  expect(task?.result?.[0]).toMatchObject({ total_count: 2, items_count: 2 });
  const item = task?.result?.[0]?.items?.find(({ url }) => url === 'forbes.com');
  expect(item?.rank).toBeLessThanOrEqual(100);
  expect(item?.referring_links_types?.anchor).toBeGreaterThan(0);
});

test('bulk_ranks, bulk_spam_score, bulk_referring_domains', async () => {
  const targets = ['forbes.com'];
  const ranks: Response<'BacklinksBulkRanksLiveResponseInfo'> = await backlinks.bulkRanksLive([{ targets }]);
  expectWhole(ranks);
  expect(ranks?.tasks?.[0]?.result?.[0]?.items?.[0]?.rank).toBeGreaterThan(0);
  const scores: Response<'BacklinksBulkSpamScoreLiveResponseInfo'> = await backlinks.bulkSpamScoreLive([{ targets }]);
  expectWhole(scores);
  expect(scores?.tasks?.[0]?.result?.[0]?.items?.[0]?.spam_score).toBeGreaterThanOrEqual(0);
  const domains: Response<'BacklinksBulkReferringDomainsLiveResponseInfo'> = await backlinks.bulkReferringDomainsLive([
    { targets },
  ]);
  expectWhole(domains);
  expect(domains?.tasks?.[0]?.result?.[0]?.items?.[0]?.referring_domains).toBeGreaterThan(0);
});

test('bulk_new_lost_backlinks, bulk_new_lost_referring_domains', async () => {
  const targets = ['forbes.com'];
  const links: Response<'BacklinksBulkNewLostBacklinksLiveResponseInfo'> = await backlinks.bulkNewLostBacklinksLive([
    { targets },
  ]);
  expectWhole(links);
  const domains: Response<'BacklinksBulkNewLostReferringDomainsLiveResponseInfo'> =
    await backlinks.bulkNewLostReferringDomainsLive([{ targets }]);
  expectWhole(domains);
});

test('anchors', async () => {
  const response: Response<'BacklinksAnchorsLiveResponseInfo'> = await backlinks.anchorsLive([
    { target: 'forbes.com', limit: 3, filters: ['anchor', '<>', null] },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items.map(({ anchor }) => typeof anchor)).toEqual(['string', 'string', 'string']);
});

test('referring_networks', async () => {
  const response: Response<'BacklinksReferringNetworksLiveResponseInfo'> = await backlinks.referringNetworksLive([
    { target: 'forbes.com', limit: 3, network_address_type: 'subnet' },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items).toHaveLength(3);
  for (const { network_address } of items) expect(network_address).toMatch(/\.0\/24$/);
});

test('backlinks', async () => {
  const task = {
    target: 'forbes.com',
    mode: 'one_per_domain',
    limit: 5,
    filters: ['dofollow', '=', true],
    order_by: ['first_seen,desc'],
  };
  const response: Response<'BacklinksBacklinksLiveResponseInfo'> = await backlinks.backlinksLive([task]);
  expectWhole(response);
  const [first] = response?.tasks?.[0]?.result ?? [];
  expect(first?.items?.map(({ dofollow }) => dofollow)).toEqual([true, true, true, true, true]);
  const next: Response<'BacklinksBacklinksLiveResponseInfo'> = await backlinks.backlinksLive([
    { ...task, search_after_token: first?.search_after_token },
  ]);
  expectWhole(next);
  const [second] = next?.tasks?.[0]?.result ?? [];
  expect(second?.items?.map(({ domain_from }) => domain_from)).not.toContain(first?.items?.[0]?.domain_from);
  const indirect: Response<'BacklinksBacklinksLiveResponseInfo'> = await backlinks.backlinksLive([
    { target: await indirectlyLinked(), filters: ['is_indirect_link', '=', true], limit: 1 },
  ]);
  expectWhole(indirect);
  expect(indirect?.tasks?.[0]?.result?.[0]?.items?.[0]?.indirect_link_path).toHaveLength(1);
});

/** A page to which others lead. */
async function indirectlyLinked(): Promise<string> {
  const sql = `SELECT url FROM links JOIN pages ON page_id = target_page
    WHERE via_page IS NOT NULL AND lost_date IS NULL AND source_domain <> target_domain ORDER BY link_id LIMIT 1`;
  const row = await server.graph.row(sql, {}, z.object({ url: z.string() }));
  return row?.url ?? '';
}

test('competitors', async () => {
  const response: Response<'BacklinksCompetitorsLiveResponseInfo'> = await backlinks.competitorsLive([
    { target: 'forbes.com', limit: 3, filters: ['intersections', '>', 1], order_by: ['rank,desc'] },
  ]);
  expectWhole(response);
  expect(response?.tasks?.[0]?.result?.[0]).not.toHaveProperty('target');
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items).toHaveLength(3);
  for (const { target } of items) expect(target).not.toBe('forbes.com');
});

test('domain_pages', async () => {
  const response: Response<'BacklinksDomainPagesLiveResponseInfo'> = await backlinks.domainPagesLive([
    {
      target: 'forbes.com',
      limit: 3,
      internal_list_limit: 2,
      filters: [['status_code', '=', 200], 'and', ['meta.h1', '<>', null]],
      order_by: ['page_summary.backlinks,desc'],
    },
  ]);
  expectWhole(response);
  const [item] = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(item?.main_domain).toBe('forbes.com');
  expect(item?.meta?.h_1?.length).toBeGreaterThan(0);
  expect(Object.keys(item?.page_summary?.referring_links_types ?? {})).toHaveLength(2);
});

test('domain_pages_summary', async () => {
  const response: Response<'BacklinksDomainPagesSummaryLiveResponseInfo'> = await backlinks.domainPagesSummaryLive([
    { target: 'forbes.com', limit: 2, filters: ['referring_links_types.anchors', '>', '1'] },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items).toHaveLength(2);
  for (const item of items) expect(item.referring_links_types?.anchor).toBeGreaterThan(1);
});

test('referring_domains', async () => {
  const response: Response<'BacklinksReferringDomainsLiveResponseInfo'> = await backlinks.referringDomainsLive([
    {
      target: 'forbes.com',
      exclude_internal_backlinks: true,
      backlinks_filters: ['dofollow', '=', true],
      filters: ['backlinks', '>', 1],
      order_by: ['rank,desc'],
      limit: 5,
    },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items).toHaveLength(5);
  for (const item of items) expect(item).toMatchObject({ referring_pages_nofollow: 0 });
});

test('summary', async () => {
  const response: Response<'BacklinksSummaryLiveResponseInfo'> = await backlinks.summaryLive([
    { target: 'forbes.com', internal_list_limit: 2, backlinks_filters: ['dofollow', '=', true] },
  ]);
  expectWhole(response);
  expect(response?.tasks?.[0]?.result?.[0]).toMatchObject({ target: 'forbes.com', referring_pages_nofollow: 0 });
});

test('history', async () => {
  const response: Response<'BacklinksHistoryLiveResponseInfo'> = await backlinks.historyLive([
    { target: 'forbes.com', date_from: '2026-01-01', date_to: '2026-06-01' },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items.map(({ date }) => date?.slice(0, 10))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ]);
  for (const { backlinks: count } of items) expect(count).toBeGreaterThan(0);
});

test('timeseries_summary, timeseries_new_lost_summary', async () => {
  const task = { target: 'forbes.com', date_from: '2022-03-23', date_to: '2022-05-13' };
  const summary: Response<'BacklinksTimeseriesSummaryLiveResponseInfo'> = await backlinks.timeseriesSummaryLive([task]);
  expectWhole(summary);
  const days = ['2022-03-31', '2022-04-30', '2022-05-31'];
  expect(summary?.tasks?.[0]?.result?.[0]?.items?.map(({ date }) => date?.slice(0, 10))).toEqual(days);
  const changes: Response<'BacklinksTimeseriesNewLostSummaryLiveResponseInfo'> =
    await backlinks.timeseriesNewLostSummaryLive([{ ...task, group_range: 'week' }]);
  expectWhole(changes);
  expect(changes?.tasks?.[0]?.result?.[0]?.items?.[0]?.date).toBe('2022-03-27 00:00:00 +00:00');
});

test('domain_intersection', async () => {
  const response: Response<'BacklinksDomainIntersectionLiveResponseInfo'> = await backlinks.domainIntersectionLive([
    {
      targets: { 1: 'forbes.com', 2: 'cnn.com' },
      exclude_targets: ['ahrefs.com'],
      limit: 5,
      order_by: ['1.backlinks,desc'],
      filters: ['2.rank', '>', 1],
    },
  ]);
  expectWhole(response);
  const [first] = response?.tasks?.[0]?.result ?? [];
  expect(first?.targets).toEqual({ 1: 'forbes.com', 2: 'cnn.com' });
  expect(first?.items?.length).toBeGreaterThan(0);
  for (const { domain_intersection: found, summary } of first?.items ?? []) {
    expect(summary?.intersections_count).toBe(2);
    expect(found?.['1']?.target).toBe(found?.['2']?.target);
  }
});

test('page_intersection', async () => {
  const response: Response<'BacklinksPageIntersectionLiveResponseInfo'> = await backlinks.pageIntersectionLive([
    {
      targets: { 1: 'forbes.com', 2: 'cnn.com' },
      limit: 5,
      backlinks_status_type: 'all',
      filters: ['1.page_from_rank', '>', 1],
    },
  ]);
  expectWhole(response);
  const items = response?.tasks?.[0]?.result?.[0]?.items ?? [];
  expect(items.length).toBeGreaterThan(0);
  for (const { page_intersection: found } of items) {
    expect(found?.['1']?.[0]?.url_from).toBe(found?.['2']?.[0]?.url_from);
  }
});

test('id_list, with the metadata of what was asked', async () => {
  await backlinks.bulkBacklinksLive([{ targets: ['cnn.com'], tag: 'to look up' }]);
  const hour = 3_600_000;
  const response: Response<'BacklinksIdListResponseInfo'> = await backlinks.backlinksIdList([
    {
      datetime_from: upstreamTimestamp(new Date(Date.now() - hour)),
      datetime_to: upstreamTimestamp(new Date(Date.now() + hour)),
      limit: 1,
      sort: 'desc',
      include_metadata: true,
    },
  ]);
  expectWhole(response);
  const [entry] = response?.tasks?.[0]?.result ?? [];
  expect(entry).toMatchObject({ status: '20000', cost: 0.024036, metadata: { tag: 'to look up' } });
});

test('available_filters names what filters take, and filters take what it names', async () => {
  const response: Response<'BacklinksAvailableFiltersResponseInfo'> = await backlinks.backlinksAvailableFilters();
  const lists = response?.tasks?.[0]?.result?.[0];
  expect(lists?.domain_pages).toMatchObject({
    page: 'str',
    first_visited: 'time',
    status_code: 'num',
    'meta.title': 'str',
  });
  expect(lists?.backlinks).toMatchObject({ dofollow: 'bool' });
  for (const name of Object.keys(lists?.referring_domains ?? {})) {
    const filters = [name.replace('.*', '.com'), '<>', null];
    const answer = await backlinks.referringDomainsLive([{ target: 'forbes.com', limit: 1, filters }]);
    expect(answer?.tasks?.[0], name).toMatchObject({ status_code: 20000 });
  }
});
