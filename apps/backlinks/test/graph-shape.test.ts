import { registrableDomain } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { COUNT_METRICS, MAP_METRICS, metricsQuery, TIME_METRICS } from '../src/graph/metrics.js';
import type { Graph } from '../src/graph/open.js';
import { SHARED_SUFFIXES } from '../src/graph/vocabulary.js';
import { openOtherGraph } from './support.js';

let graph: Graph;
beforeAll(async () => {
  graph = await openOtherGraph({ domains: 1000, links: 30_000 });
});
afterAll(() => graph.close());

/** The one number that a query gives. */
async function number(sql: string): Promise<number> {
  const row = await graph.row(`SELECT (${sql})::DOUBLE AS n`, {}, z.object({ n: z.number() }));
  return row?.n ?? Number.NaN;
}

/** Columns with the rows that break each rule, none where all keep it. */
async function broken(from: string, rules: Record<string, string>): Promise<string[]> {
  const counts = Object.entries(rules).map(
    ([name, rule]) => `count(*) FILTER (NOT coalesce(${rule}, false)) AS "${name}"`,
  );
  const row = await graph.row(`SELECT ${counts.join(', ')} FROM ${from}`, {}, z.record(z.string(), z.coerce.number()));
  return Object.entries(row ?? { 'no row': 1 }).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]));
}

describe('every table', () => {
  test.each([
    ['domains', 'domain_id', 'domain'],
    ['hosts', 'host_id', 'host'],
    ['pages', 'page_id', 'url'],
  ])('%s is numbered from 0 in its order, without repeats', async (table, id, name) => {
    const size = `(SELECT count(*) FROM ${table})`;
    expect(await broken(table, { place: `${id} = rowid` })).toEqual([]);
    expect(await number(`SELECT count(DISTINCT ${name}) - ${size} FROM ${table}`)).toBe(0);
  });

  test('of sites and pages fits the others', async () => {
    const hosts =
      'hosts h JOIN domains d USING (domain_id) JOIN hosts before ON before.host_id = greatest(h.host_id - 1, 0)';
    const hostRules = {
      name: `h.host = d.domain OR ends_with(h.host, '.' || d.domain)`,
      root: 'h.is_root = (h.host = d.domain)',
      'rank of a root': 'NOT h.is_root OR h.rank = d.rank',
      order: 'before.domain_id <= h.domain_id',
      rank: 'h.rank BETWEEN 0 AND 1000',
    };
    expect(await broken(hosts, hostRules)).toEqual([]);
    const pages =
      'pages p JOIN hosts h USING (host_id) JOIN pages before ON before.page_id = greatest(p.page_id - 1, 0)';
    const pageRules = {
      host: `split_part(split_part(p.url, '/', 3), ':', 1) = h.host`,
      domain: 'p.domain_id = h.domain_id',
      order: 'before.host_id <= p.host_id',
      meta: `p.status_code = 200 OR coalesce(p.title, p.canonical, p.language, p.charset, p.technologies, p.social_media_tags,
        p.internal_links_count::VARCHAR, p.words_count::VARCHAR, p.h1::VARCHAR, p.platform_type::VARCHAR) IS NULL`,
      location: '(p.location IS NOT NULL) = (p.status_code BETWEEN 300 AND 399)',
      spam: 'p.spam_score BETWEEN 0 AND 100',
    };
    expect(await broken(pages, pageRules)).toEqual([]);
    const leading = 'pages p JOIN pages goal ON goal.page_id = p.leads_to';
    const leadingRules = {
      named: 'goal.url = coalesce(p.location, p.canonical)',
      sound: 'goal.status_code = 200 AND goal.leads_to IS NULL AND goal.host_id = p.host_id',
    };
    expect(await broken(leading, leadingRules)).toEqual([]);
  });

  test('of the tree of hosts holds each host with all below it', async () => {
    const expected = `SELECT a.host_id AS ancestor_id, b.host_id FROM hosts a, hosts b
      WHERE a.host_id = b.host_id OR ends_with(b.host, '.' || a.host)`;
    expect(
      await number(`SELECT count(*) FROM (${expected} EXCEPT ALL SELECT ancestor_id, host_id FROM host_tree)`),
    ).toBe(0);
    expect(
      await number(`SELECT count(*) FROM (SELECT ancestor_id, host_id FROM host_tree EXCEPT ALL ${expected})`),
    ).toBe(0);
  });
});

describe('a link', () => {
  test('carries what its pages, hosts and domains say', async () => {
    const links = `links l JOIN pages tp ON tp.page_id = l.target_page JOIN pages sp ON sp.page_id = l.source_page
      JOIN hosts sh ON sh.host_id = l.source_host JOIN domains sd ON sd.domain_id = l.source_domain
      JOIN attribute_sets a ON a.set_id = l.attribute_set LEFT JOIN pages via ON via.page_id = l.via_page
      LEFT JOIN links before ON before.rowid = l.rowid - 1`;
    const rules = {
      target: 'l.target_host = tp.host_id AND l.target_domain = tp.domain_id',
      source: 'l.source_host = sp.host_id AND l.source_domain = sp.domain_id',
      'a source can be read': 'sp.status_code = 200',
      machine: 'l.source_ip = sh.address AND l.source_subnet = sh.subnet',
      site: 'l.tld = sd.tld AND l.platform_set = sd.platform_set',
      page: 'l.country = sp.country AND l.spam_score = sp.spam_score',
      nofollow: 'l.nofollow = a.nofollow',
      broken: 'l.broken = (tp.status_code >= 400)',
      via: '(via.page_id IS NULL AND l.indirect_via IS NULL) OR (via.leads_to = l.target_page)',
      'kind of indirect': `via.page_id IS NULL OR
        l.indirect_via = CASE WHEN via.status_code = 200 THEN 'canonical' ELSE 'redirect' END`,
      'times in order': 'l.last_seen >= l.first_seen AND (l.lost_date IS NULL OR l.lost_date > l.last_seen)',
      anchor: `CASE l.type WHEN 'anchor' THEN l.anchor IS NOT NULL WHEN 'image' THEN l.anchor = '' ELSE l.anchor IS NULL END`,
      order: 'before.target_page IS NULL OR before.target_page <= l.target_page',
    };
    expect(await broken(links, rules)).toEqual([]);
    expect(await number('SELECT count(*) FROM links')).toBe(await number(`SELECT count(*) FROM (FROM ${links})`));
  });

  test('to a page that leads elsewhere is there for that page too', async () => {
    const missing = `SELECT link_id, leads_to, target_page FROM links JOIN pages ON page_id = target_page
        WHERE via_page IS NULL AND leads_to IS NOT NULL
      EXCEPT ALL SELECT link_id, target_page, via_page FROM links WHERE via_page IS NOT NULL`;
    expect(await number(`SELECT count(*) FROM (${missing})`)).toBe(0);
    expect(await number('SELECT count(*) FROM links WHERE via_page IS NOT NULL')).toBeGreaterThan(500);
  });

  test('out of a page is counted there', async () => {
    const pages = `pages p LEFT JOIN (SELECT source_page AS page_id, count(*) FILTER (source_domain <> target_domain) AS n
      FROM links WHERE lost_date IS NULL AND via_page IS NULL GROUP BY source_page) USING (page_id)`;
    expect(await broken(pages, { external: 'coalesce(external_links_count, 0) = coalesce(n, 0)' })).toEqual([]);
  });
});

describe('a kept aggregate', () => {
  const usual = 'lost_date IS NULL AND source_domain <> target_domain';
  const direct = `${usual} AND via_page IS NULL`;
  const [pages, hosts] = [
    { of: 'pages', id: 'page_id', key: 'url' },
    { of: 'hosts', id: 'host_id', key: 'host' },
  ];
  const inTree = `SELECT links.*, ancestor_id AS subject FROM links JOIN host_tree ON host_id = target_host`;
  const kept = {
    page_summaries: { ...pages, links: `SELECT *, target_page AS subject FROM links WHERE ${usual}` },
    host_summaries: { ...hosts, links: `SELECT *, target_host AS subject FROM links WHERE ${direct}` },
    tree_summaries: { ...hosts, links: `${inTree} WHERE ${direct}` },
  };

  test.each(Object.entries(kept))('of %s says what the links say', async (table, { of, id, key, links }) => {
    const columns = ['subject', ...COUNT_METRICS, ...TIME_METRICS, ...MAP_METRICS].join(', ');
    const counted = `SELECT ${columns} FROM (${metricsQuery(links)})`;
    const rows = `SELECT ${columns} FROM ${table} WHERE backlinks > 0`;
    expect(await number(`SELECT count(*) FROM (${counted} EXCEPT ALL ${rows})`)).toBe(0);
    expect(await number(`SELECT count(*) FROM (${rows} EXCEPT ALL ${counted})`)).toBe(0);
    const zeros = COUNT_METRICS.map((name) => `s.${name} = 0`).join(' AND ');
    const nothing = [...TIME_METRICS, ...MAP_METRICS].map((name) => `s.${name} IS NULL`).join(' AND ');
    const rules = {
      place: 's.rowid = o.rowid',
      key: `s.key = o.${key} AND s.key_hash = md5_number_lower(o.${key})`,
      rank: 's.rank = o.rank',
      zeros: `s.backlinks > 0 OR (${zeros} AND ${nothing})`,
    };
    expect(await broken(`${of} o LEFT JOIN ${table} s ON s.subject = o.${id}`, rules)).toEqual([]);
    expect(await number(`SELECT count(*) FROM ${table} WHERE backlinks = 0`)).toBeGreaterThan(0);
  });
});

describe('the shape of the web', () => {
  /** The share of all links that the top hundredth of the groups holds. */
  const topShare = (column: string, groups: string) =>
    number(`WITH sizes AS (SELECT count(*) AS n FROM links WHERE via_page IS NULL GROUP BY ${column})
      SELECT sum(n) / (SELECT sum(n) FROM sizes)
      FROM (SELECT n FROM sizes ORDER BY n DESC LIMIT (SELECT count(*) // 100 FROM ${groups}))`);

  test('is heavy-tailed, of those linked to and of those that link', async () => {
    expect(await topShare('target_domain', 'domains')).toBeGreaterThan(0.15);
    expect(await topShare('source_domain', 'domains')).toBeGreaterThan(0.08);
    expect(await topShare('target_page', 'pages')).toBeGreaterThan(0.1);
    expect(
      await number('SELECT max(n) / avg(n) FROM (SELECT count(*) AS n FROM hosts GROUP BY domain_id)'),
    ).toBeGreaterThan(20);
    expect(
      await number('SELECT avg((n = 1)::INT) FROM (SELECT count(*) AS n FROM hosts GROUP BY domain_id)'),
    ).toBeGreaterThan(0.6);
  });

  test('has names that are their own registrable domains, a few under private suffixes', async () => {
    const rows = await graph.rows(
      'SELECT domain, tld FROM domains',
      {},
      z.object({ domain: z.string(), tld: z.string() }),
    );
    for (const { domain, tld } of rows) {
      expect(registrableDomain(domain)).toBe(domain);
      expect(domain.split('.').at(-1)).toBe(tld);
    }
    const shared = rows.filter(({ domain }) =>
      Object.keys(SHARED_SUFFIXES).some((suffix) => domain.endsWith(`.${suffix}`)),
    );
    expect(shared.length / rows.length).toBeGreaterThan(0.02);
    expect(shared.length / rows.length).toBeLessThan(0.08);
    expect(rows.some(({ domain }) => domain.endsWith('.co.uk'))).toBe(true);
  });

  test('has sites that follow hardly any link and many that follow most', async () => {
    const shares =
      'SELECT source_domain, avg(nofollow::INT) AS share FROM links GROUP BY source_domain HAVING count(*) > 20';
    expect(await number(`SELECT avg((share > 0.6)::INT) FROM (${shares})`)).toBeGreaterThan(0.05);
    expect(await number(`SELECT avg((share < 0.1)::INT) FROM (${shares})`)).toBeGreaterThan(0.5);
  });

  test('loses about an eighth of its links', async () => {
    const lost = await number('SELECT avg((lost_date IS NOT NULL)::INT) FROM links');
    expect(lost).toBeGreaterThan(0.09);
    expect(lost).toBeLessThan(0.15);
  });

  test('shares machines', async () => {
    const shared = 'SELECT count(DISTINCT domain_id) AS n FROM hosts GROUP BY subnet';
    expect(await number(`SELECT max(n) FROM (${shared})`)).toBeGreaterThan(20);
    expect(await number('SELECT count(DISTINCT ip) - count(DISTINCT address) FROM hosts')).toBe(0);
  });

  test('leaves out what a crawler may not find', async () => {
    const names = [
      'title',
      'canonical',
      'social_media_tags',
      'h1',
      'h2',
      'h3',
      'images_alt',
      'powered_by',
      'language',
      'technologies',
    ];
    for (const name of names) {
      expect(
        await number(`SELECT avg((${name} IS NULL)::INT) FROM pages WHERE status_code = 200`),
        name,
      ).toBeGreaterThan(0.01);
      expect(await number(`SELECT avg((${name} IS NULL)::INT) FROM pages WHERE status_code = 200`), name).toBeLessThan(
        0.8,
      );
    }
    expect(await number(`SELECT avg((country = '')::INT) FROM links`)).toBeGreaterThan(0.1);
    expect(await number(`SELECT avg((semantic_location = '')::INT) FROM links`)).toBeGreaterThan(0.2);
    expect(await number(`SELECT avg((anchor = '')::INT) FROM links WHERE type = 'anchor'`)).toBeGreaterThan(0.02);
    expect(await number(`SELECT avg((media_type <> 'text/html')::INT) FROM pages`)).toBeGreaterThan(0.005);
    expect(await number('SELECT count(DISTINCT status_code) FROM pages')).toBeGreaterThan(5);
    expect(await number('SELECT count(DISTINCT type) FROM links')).toBe(7);
    expect(
      await number('SELECT count(DISTINCT attribute_set) - (SELECT count(*) FROM attribute_sets) FROM links'),
    ).toBe(0);
  });

  test('writes objects as JSON texts without absent keys', async () => {
    for (const name of ['social_media_tags', 'technologies']) {
      const rows = await graph.rows(
        `SELECT DISTINCT ${name} AS text FROM pages WHERE ${name} IS NOT NULL LIMIT 500`,
        {},
        z.object({ text: z.string() }),
      );
      for (const { text } of rows) {
        const members = z.record(z.string(), z.string().min(1)).parse(JSON.parse(text));
        expect(Object.keys(members).length).toBeGreaterThan(0);
      }
    }
  });
});
