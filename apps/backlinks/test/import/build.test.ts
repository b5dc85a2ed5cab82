import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamTimestamp } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tries } from '../../../../e2e/env.js';
import { openFile } from '../../src/graph/open.js';
import { buildGraph } from '../../src/import/build/build.js';
import type { LinkSeen, PageFetched } from '../../src/import/part.js';
import { runTask } from '../../src/run-task.js';
import { MEANS, SMALL } from '../support.js';
import { type PlainPart, plainCounts, plainLinks, plainMoves, reaches } from './plain-count.js';
import { linkSeen, pageFetched, writePart } from './rows.js';

const HOSTS = ['a.com', 'www.a.com', 'deep.docs.b.co.uk', 'b.co.uk', 'c.github.io', 'd.org'];
const URLS = HOSTS.flatMap((host) => ['', 'x', 'y?q=1'].map((path) => `https://${host}/${path}`));
const TARGETS = [...URLS, ...HOSTS, 'docs.b.co.uk', 'nobody.com'];

const day = fc.integer({ min: 1, max: 9 }).map((number) => new Date(`2026-03-0${number}T12:00:00Z`));
const url = fc.constantFrom(...URLS);
const status = fc.constantFrom(200, 200, 200, 301, 404, 503, null);

/** A fetch of a page with the links that it had, each kind once to each page or not at all. */
const visit: fc.Arbitrary<PlainPart> = fc
  .record({
    url,
    fetched_at: day,
    status,
    isRead: fc.boolean(),
    goal: fc.option(url),
    links: fc.uniqueArray(
      fc.record({ to: url, type: fc.constantFrom('anchor', 'image'), nofollow: fc.constantFrom(true, false, null) }),
      {
        selector: ({ to, type }) => `${to} ${type}`,
        maxLength: 6,
      },
    ),
  })
  .map(({ url: from, fetched_at, status: code, isRead, goal, links }) => {
    const isShown = code === 200 || code === null;
    const hasLinks = isShown && isRead;
    const page = pageFetched(from, {
      fetched_at,
      status: code,
      links_external: hasLinks ? links.length : null,
      redirect_to: code === 301 ? goal : null,
      canonical: isShown ? goal : null,
    });
    return {
      pages: [page],
      links: hasLinks ? links.map(({ to, ...more }) => linkSeen(from, to, { ...more, seen_at: fetched_at })) : [],
    };
  });

/** No row of an export has the time of a fetch. */
const HOURS = 6 * 3_600_000;

/** A row of an export: it knows when a link was found and lost, and nothing of the page. */
const row: fc.Arbitrary<LinkSeen> = fc
  .record({
    from: url,
    to: url,
    seen: day,
    first_seen: fc.option(day),
    lostAfter: fc.option(fc.integer({ min: 0, max: 5 })),
  })
  .map(({ from, to, seen, first_seen, lostAfter }) => {
    const seen_at = new Date(seen.getTime() + HOURS);
    const lost_at = lostAfter === null ? null : new Date(seen_at.getTime() + lostAfter * 4 * HOURS);
    return linkSeen(from, to, { seen_at, first_seen, lost_at, nofollow: null });
  });

function distinct(visits: readonly PlainPart[]): PlainPart {
  const seen = new Set<string>();
  const first = visits.filter(({ pages: [page] }) => {
    const key = `${page?.url} ${page?.fetched_at.getTime()}`;
    return !seen.has(key) && seen.add(key);
  });
  return { links: first.flatMap(({ links }) => links), pages: first.flatMap(({ pages }) => pages) };
}

const archive = fc.array(visit, { maxLength: 14 }).map(distinct);
const table = fc
  .uniqueArray(row, { selector: ({ url_from, url_to }) => `${url_from} ${url_to}`, maxLength: 8 })
  .map((links) => ({ links, pages: [] }));

/** Parts of which no two say different things of one moment: which of them is right nobody knows. */
const parts = fc.tuple(archive, fc.option(table)).chain(([one, exported]) =>
  fc.constantFrom(1, 2, 3).map((count) => {
    const split = Array.from({ length: count }, (_, at) => ({
      links: one.links.filter(
        (_link, index) => one.links[index] !== undefined && placeIn(one.pages, one.links[index]) % count === at,
      ),
      pages: one.pages.filter((_page, index) => index % count === at),
    }));
    return exported === null ? split : [...split, exported];
  }),
);

function placeIn(pages: readonly PageFetched[], link: LinkSeen): number {
  return pages.findIndex((page) => page.url === link.url_from && page.fetched_at.getTime() === link.seen_at.getTime());
}

const on = (number: number) => ({ fetched_at: new Date(`2026-03-0${number}T12:00:00Z`) });
const seenOn = (number: number) => ({ seen_at: on(number).fetched_at });

/** Pages of which the later fetch says less than the one before it, and what an export says of one of them. */
const told: PlainPart[] = [
  {
    pages: [
      pageFetched('https://a.com/x', { ...on(1), links_external: 2 }),
      pageFetched('https://a.com/x', { ...on(2), status: null }),
      pageFetched('https://b.co.uk/x', { ...on(1), links_external: 0, canonical: 'https://b.co.uk/' }),
      pageFetched('https://b.co.uk/x', on(2)),
      pageFetched('https://c.github.io/x', { ...on(1), status: null, links_external: 1 }),
      pageFetched('https://c.github.io/x', { ...on(2), status: null, links_external: 0 }),
      pageFetched('https://d.org/x', { ...on(1), links_external: 0 }),
      pageFetched('https://d.org/x', { ...on(2), status: 301, redirect_to: 'https://d.org/' }),
    ],
    links: [
      linkSeen('https://a.com/x', 'https://b.co.uk/x', seenOn(1)),
      linkSeen('https://a.com/x', 'https://d.org/x', seenOn(1)),
      linkSeen('https://c.github.io/x', 'https://a.com/x', seenOn(1)),
    ],
  },
  {
    pages: [pageFetched('https://a.com/x', { ...on(3), is_fetch: false, status: null, links_external: 7 })],
    links: [],
  },
];

const move = z.object({ url: z.string(), location: z.string().nullable() });
const item = z.looseObject({ target: z.string().optional(), url: z.string().optional() });

test('every count of a built graph is that of a plain counter over the parts', async () => {
  const property = fc.asyncProperty(parts, async (given) => {
    const folder = await mkdtemp(join(tmpdir(), 'build-'));
    try {
      for (const [index, part] of given.entries()) await writePart(folder, `part${index}`, part);
      const path = join(folder, 'graph.duckdb');
      await buildGraph(folder, { path, memory: '500MB', threads: 1 });
      const graph = await openFile({ ...MEANS, path, settings: SMALL });
      try {
        const links = plainLinks(given);
        expect(graph.counts.links).toBe(links.filter(({ isIndirect }) => !isIndirect).length);
        const moves = await graph.rows('SELECT url, location FROM pages WHERE status_code = 301', {}, move);
        expect(new Map(moves.map(({ url: from, location }) => [from, location]))).toEqual(plainMoves(given));
        const task = { targets: TARGETS };
        const account = { login: 'local', now: 0, tokensLastMs: null };
        const outcome = await runTask(graph, { name: 'bulk_pages_summary', task }, account);
        const [result] = z.array(z.object({ items: z.array(item) })).parse(JSON.parse(outcome.result ?? ''));
        for (const target of TARGETS) {
          const met = links.filter((link) => reaches(link, target));
          const found = result?.items.find((one) => one.url === target);
          const first = met.map(({ first: date }) => upstreamTimestamp(date)).toSorted()[0] ?? null;
          expect(found, target).toMatchObject({ ...plainCounts(met), first_seen: first, backlinks_spam_score: null });
        }
      } finally {
        graph.close();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  await fc.assert(property, { numRuns: tries(6), examples: [[told]] });
});

test.each([
  ['--internal', { internal: false, only: null }],
  ['--only', { internal: true, only: 'a1b2c3d4e5' }],
])('parts with and without %s are not built together', async (_, options) => {
  const folder = await mkdtemp(join(tmpdir(), 'build-'));
  try {
    const pages = [pageFetched('https://a.com/')];
    await writePart(folder, 'one', { links: [], pages });
    await writePart(folder, 'two', { links: [], pages, options });
    const built = buildGraph(folder, { path: join(folder, 'graph.duckdb'), memory: '500MB', threads: 1 });
    await expect(built).rejects.toThrow(/different options.*one\.warc\.gz.*two\.warc\.gz/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
