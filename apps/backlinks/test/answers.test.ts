import { ENDPOINTS, type Endpoint, type EndpointName, endpointName, itemsOf } from '@linkhaul/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ANSWERS } from '../src/answers/index.js';
import { targetOf } from '../src/answers/target.js';
import { serveAllTests } from './serve-tests.js';
import { call, resultOf } from './support.js';
import { allLinks, countPlainly, groupedBy, type Link } from './tables.js';

const server = serveAllTests();
let links: Link[];
beforeAll(async () => {
  links = await allLinks(server.graph);
});

const usual = (one: Link) => one.lost_date === null && one.source_domain !== one.target_domain;
const below = (host: string) => (one: Link) => one.target_host === host || one.target_host.endsWith(`.${host}`);
const direct = (one: Link) => !one.indirect;
const items = async (name: string, task: object) => (await resultOf(server, name, task)).items ?? [];

/** A page that others redirect to or name as canonical. */
function indirectlyLinked(): string {
  const found = links.find((one) => one.indirect && usual(one));
  if (!found) throw new Error('the graph has no indirect link');
  return found.target;
}

describe('bulk_backlinks', () => {
  test('counts a domain and a subdomain with all below, and a page with what leads to it', async () => {
    const page = indirectlyLinked();
    const targets = ['forbes.com', 'example.co.uk', 'docs.example.co.uk', 'www.apple.com', page, 'unknown-name.com'];
    const found = await items('bulk_backlinks', { targets });
    const count = (which: (one: Link) => boolean) => links.filter((one) => usual(one) && which(one)).length;
    const expected = new Map<unknown, number>();
    for (const host of targets.slice(0, 4))
      expected.set(
        host,
        count((one) => direct(one) && below(host)(one)),
      );
    expected
      .set(
        page,
        count(({ target }) => target === page),
      )
      .set('unknown-name.com', 0);
    expect(new Map(found.map(({ target, backlinks }) => [target, backlinks]))).toEqual(expected);
    expect(expected.get('docs.example.co.uk')).toBeGreaterThan(0);
  });

  test('echoes each distinct target to the letter, in another order than asked', async () => {
    const targets = ['Forbes.com', 'forbes.com', 'forbes.com', 'https://FORBES.com', 'https://forbes.com/', 'cnn.com'];
    const found = (await items('bulk_backlinks', { targets })).map(({ target }) => target);
    expect(found.toSorted()).toEqual([...new Set(targets)].toSorted());
    expect(found).not.toEqual([...new Set(targets)]);
  });
});

describe('the other bulk endpoints', () => {
  const TARGETS = ['forbes.com', 'cnn.com', 'docs.example.co.uk', 'https://www.apple.com/iphone/', 'unknown-name.com'];
  const reaches = (target: string) =>
    target.startsWith('https:')
      ? (one: Link) => one.target === target
      : (one: Link) => direct(one) && below(target)(one);
  const byTarget = async (name: EndpointName, task: object = {}) =>
    new Map((await items(name, { targets: TARGETS, ...task })).map((item) => [String(item.target), item]));

  test('say of a target what bulk_pages_summary says of it', async () => {
    const ranks = await byTarget('bulk_ranks');
    const hundredths = await byTarget('bulk_ranks', { rank_scale: 'one_hundred' });
    const domains = await byTarget('bulk_referring_domains');
    const backlinks = await byTarget('bulk_backlinks');
    for (const item of await items('bulk_pages_summary', { targets: TARGETS })) {
      const target = String(item.url);
      expect(ranks.get(target)).toEqual({ target, rank: item.rank });
      expect(hundredths.get(target)?.rank).toBe(Math.round(Math.sin(Number(item.rank) / 636.62) * 100));
      const { target: echo, ...counts } = domains.get(target) ?? {};
      expect(echo).toBe(target);
      expect(item).toMatchObject(counts);
      expect(backlinks.get(target)?.backlinks).toBe(item.backlinks);
    }
    expect(Number(ranks.get('cnn.com')?.rank)).toBeGreaterThan(100);
    expect(Number(domains.get('cnn.com')?.referring_domains)).toBeGreaterThan(1);
  });

  test('bulk_spam_score: a page has its own, a host its domain’s, an unknown target 0', async () => {
    const scores = await byTarget('bulk_spam_score');
    expect([...scores.keys()].toSorted()).toEqual(TARGETS.toSorted());
    const known = [...scores.values()].filter(({ target }) => target !== 'unknown-name.com');
    for (const { type, spam_score } of known) {
      expect(type).toBe('backlinks_bulk_spam_score');
      expect(spam_score).toBeLessThanOrEqual(100);
    }
    expect(known.some(({ spam_score }) => Number(spam_score) > 0)).toBe(true);
    expect(scores.get('unknown-name.com')).toMatchObject({ spam_score: 0 });
  });

  test('what is new and lost is counted from the first and last sight of links', async () => {
    const dateFrom = '2024-06-01';
    const options = { dateFrom, includeSubdomains: true, oneHundred: false };
    const targets = TARGETS.map((target) => targetOf(target, true)).filter((target) => target !== null);
    const ask = async (name: 'bulk_new_lost_backlinks' | 'bulk_new_lost_referring_domains') => {
      const answer = await ANSWERS[name].answer(server.graph, { targets, options });
      return z.array(z.looseObject({ target: z.string() })).parse(JSON.parse(`[${answer.items}]`));
    };
    const isNew = (one: Link) => one.first_seen.toISOString() >= dateFrom;
    const isLost = (one: Link) => one.lost_date !== null && one.lost_date.toISOString() >= dateFrom;
    const external = (target: string) =>
      links.filter((one) => one.source_domain !== one.target_domain && reaches(target)(one));
    for (const { target, ...figures } of await ask('bulk_new_lost_backlinks')) {
      const found = external(target);
      expect(figures, target).toEqual({
        new_backlinks: found.filter(isNew).length,
        lost_backlinks: found.filter(isLost).length,
      });
      expect(Number(figures.new_backlinks) > 0 && Number(figures.lost_backlinks) > 0).toBe(
        target !== 'unknown-name.com',
      );
    }
    for (const { target, ...figures } of await ask('bulk_new_lost_referring_domains')) {
      const [hosts, domains] = [
        groupedBy(external(target), (one) => one.source_host),
        groupedBy(external(target), (one) => one.source_domain),
      ].map((groups) => [...groups.values()]);
      const newIn = (groups: Link[][] = []) => groups.filter((group) => group.every(isNew)).length;
      const lostIn = (groups: Link[][] = []) =>
        groups.filter((group) => group.some(isLost) && group.every((one) => one.lost_date !== null)).length;
      expect(figures, target).toEqual({
        new_referring_domains: newIn(hosts),
        lost_referring_domains: lostIn(hosts),
        new_referring_main_domains: newIn(domains),
        lost_referring_main_domains: lostIn(domains),
      });
    }
  });
});

describe('bulk_pages_summary', () => {
  test.each([
    ['forbes.com', true],
    ['forbes.com', false],
    ['docs.example.co.uk', true],
    ['https://www.apple.com/iphone/', true],
  ])('aggregates the links of %s (subdomains: %s)', async (target, include_subdomains) => {
    const [item] = await items('bulk_pages_summary', { targets: [target], include_subdomains });
    const reaches = target.startsWith('https:')
      ? (one: Link) => one.target === target
      : (one: Link) => direct(one) && (include_subdomains ? below(target)(one) : one.target_host === target);
    const expected = countPlainly(links.filter((one) => usual(one) && reaches(one)));
    expect(expected.backlinks).toBeGreaterThan(1);
    expect(item).toMatchObject({ url: target, ...expected });
    expect(item?.referring_links_countries).toEqual(expected.referring_links_countries);
  });

  test('an unknown target is a row of zeros and nulls', async () => {
    const url = 'https://forbes.com/not-there';
    const result = await resultOf(server, 'bulk_pages_summary', { targets: [url, 'forbes.com'] });
    expect(result).toMatchObject({ total_count: 2, items_count: 2 });
    const domain = result.items?.find((item) => item.url === 'forbes.com');
    expect(domain?.rank).toBeGreaterThan(0);
    expect(result.items?.find((item) => item.url === url)).toMatchObject({
      rank: 0,
      main_domain_rank: domain?.rank,
      backlinks: 0,
      first_seen: null,
      referring_pages: 0,
      referring_links_tld: null,
      referring_links_countries: null,
    });
  });

  test('gives ranks on either scale', async () => {
    const task = { targets: ['cnn.com'] };
    const rank = Number((await items('bulk_pages_summary', task))[0]?.rank);
    expect(rank).toBeGreaterThan(100);
    const [item] = await items('bulk_pages_summary', { ...task, rank_scale: 'one_hundred' });
    expect(item?.rank).toBe(Math.round(Math.sin(rank / 636.62) * 100));
  });
});

describe('referring_domains', () => {
  test.each([
    [{ target: 'cnn.com' }, usual],
    [
      { target: 'cnn.com', backlinks_status_type: 'lost' },
      (one: Link) => one.lost_date !== null && one.source_domain !== 'cnn.com',
    ],
    [{ target: 'cnn.com', backlinks_status_type: 'all', exclude_internal_backlinks: false }, () => true],
  ])('%j aggregates the links by their main domain', async (task, counts) => {
    const result = await resultOf(server, 'referring_domains', { ...task, limit: 1000, internal_list_limit: 1000 });
    const groups = groupedBy(
      links.filter((one) => direct(one) && below('cnn.com')(one) && counts(one)),
      (one) => one.source_domain,
    );
    expect(result.total_count).toBe(groups.size);
    expect(result.items).toHaveLength(groups.size);
    for (const item of result.items ?? []) {
      expect(item).toMatchObject({ ...countPlainly(groups.get(String(item.domain)) ?? []) });
    }
  });

  test('indirect links to a page are counted or not', async () => {
    const target = indirectlyLinked();
    const sum = async (include_indirect_links: boolean) => {
      const found = await items('referring_domains', { target, include_indirect_links, limit: 1000 });
      return found.reduce((total, { backlinks }) => total + Number(backlinks), 0);
    };
    const reaching = links.filter((one) => usual(one) && one.target === target);
    expect(await sum(true)).toBe(reaching.length);
    expect(await sum(false)).toBe(reaching.filter(direct).length);
  });

  test('maps keep their largest entries, countries keep all', async () => {
    const task = { target: 'forbes.com', limit: 1, order_by: ['backlinks,desc'] };
    const [whole] = await items('referring_domains', { ...task, internal_list_limit: 1000 });
    const [cut] = await items('referring_domains', { ...task, internal_list_limit: 1 });
    const largest = Object.entries(whole?.referring_links_semantic_locations ?? {}).slice(0, 1);
    expect(cut?.referring_links_semantic_locations).toEqual(Object.fromEntries(largest));
    expect(cut?.referring_links_countries).toEqual(whole?.referring_links_countries);
  });
});

describe('domain_pages_summary', () => {
  test.each([
    [{}, usual],
    [{ include_indirect_links: false }, (one: Link) => usual(one) && direct(one)],
    [{ backlinks_status_type: 'all', exclude_internal_backlinks: false }, () => true],
    [{ include_subdomains: false }, (one: Link) => usual(one) && one.target_host === 'forbes.com'],
  ])('%j aggregates the links by their page', async (task, counts) => {
    const params = { target: 'forbes.com', limit: 1000, internal_list_limit: 1000, ...task };
    const result = await resultOf(server, 'domain_pages_summary', params);
    const groups = groupedBy(
      links.filter((one) => below('forbes.com')(one) && counts(one)),
      (one) => one.target,
    );
    expect(result.total_count).toBe(groups.size);
    for (const item of result.items ?? []) {
      expect(item).toMatchObject({ ...countPlainly(groups.get(String(item.url)) ?? []) });
    }
  });

  test('of a page is that page', async () => {
    const target = 'https://ahrefs.com/blog/';
    const result = await resultOf(server, 'domain_pages_summary', { target });
    expect(result).toMatchObject({ target, total_count: 1, items: [{ url: target }] });
  });
});

describe('domain_pages', () => {
  test('lists every page, linked to or not, with the links of each', async () => {
    const result = await resultOf(server, 'domain_pages', {
      target: 'apple.com',
      limit: 1000,
      internal_list_limit: 1000,
    });
    const groups = groupedBy(links.filter(usual), (one) => one.target);
    const found = result.items ?? [];
    expect(found.map(({ page }) => page)).toContain('https://www.apple.com/iphone/');
    for (const item of found) {
      const reaching = groups.get(String(item.page));
      expect(item.page_summary).toMatchObject(reaching ? countPlainly(reaching) : { backlinks: 0, first_seen: null });
      expect(item.meta === null).toBe(item.status_code !== 200);
    }
  });

  test('sorts by what it is asked to', async () => {
    const sizes = async (order: string) =>
      (await items('domain_pages', { target: 'forbes.com', limit: 1000, order_by: [order] })).map(({ size }) =>
        Number(size),
      );
    const ascending = await sizes('size,asc');
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    expect(await sizes('size,desc')).toEqual(ascending.toReversed());
  });
});

describe('lists', () => {
  const lists = endpointName.options.filter((name) => ENDPOINTS[name].kind === 'list');

  test.each(lists)('%s: pages of any size make up the whole', async (name) => {
    const whole = await resultOf(server, name, { target: 'forbes.com', limit: 1000 });
    const parts: unknown[] = [];
    for (let offset = 0; offset < (whole.items_count ?? 0); offset += 7) {
      const page = await resultOf(server, name, { target: 'forbes.com', limit: 7, offset });
      expect(page.total_count).toBe(whole.total_count);
      parts.push(...(page.items ?? []));
    }
    expect(parts.length).toBeGreaterThan(14);
    expect(parts).toEqual(whole.items);
    const past = await resultOf(server, name, { target: 'forbes.com', offset: 20_000 });
    const { search_after_token, ...rest } = whole;
    expect(past).toMatchObject({ ...rest, items_count: 0, items: null });
  });

  test.each(lists)('%s of an unknown target is Ok, empty and billed', async (name) => {
    const envelope = await call(server, name, { target: 'unknown-name.com' });
    expect(envelope).toMatchObject({ cost: 0.024036, tasks_error: 0 });
    expect(envelope.tasks?.[0]).toMatchObject({ status_code: 20000, result_count: 0, result: null });
  });
});

function taskOf(kind: Endpoint['kind']): object {
  if (kind === 'set') return { targets: { 1: 'forbes.com' } };
  return kind === 'bulk' ? { targets: ['forbes.com', 'unknown-name.com'] } : { target: 'forbes.com' };
}

test.each(endpointName.options)('the items of %s have the form that the vocabulary says', async (name) => {
  const endpoint = ENDPOINTS[name];
  const task = taskOf(endpoint.kind);
  const [answered] = (await call(server, name, task)).tasks ?? [];
  const found = itemsOf(answered ?? {}, endpoint);
  expect(found.length).toBeGreaterThan(endpoint.kind === 'single' ? 0 : 1);
  for (const item of found) {
    const parsed = endpoint.item.parse(item);
    const fields = Object.keys(endpoint.item.shape);
    expect(Object.keys(parsed).toSorted()).toEqual(fields.toSorted());
  }
});
