import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registrableDomain } from '@linkhaul/schemas';
import { z } from 'zod';
import { type Graph, openFile } from '../src/graph/open.js';
import { buildGraph } from '../src/import/build/build.js';
import { linkSeen, pageFetched, writePart } from './import/rows.js';
import { MEANS, openSmallGraph, SMALL } from './support.js';

const link = z.object({
  link_id: z.number(),
  source: z.string(),
  target: z.string(),
  type: z.string(),
  rel: z.array(z.string()),
  nofollow: z.boolean(),
  anchor: z.string().nullable(),
  place: z.string(),
  first_seen: z.date(),
  seen_at: z.date(),
  lost_at: z.date().nullable(),
});

const page = z.object({
  page_id: z.number(),
  url: z.string(),
  status: z.number(),
  redirect_to: z.string().nullable(),
  title: z.string().nullable(),
  encoding: z.string().nullable(),
  language: z.string().nullable(),
  size: z.number(),
  media_type: z.string().nullable(),
  links_external: z.number().nullable(),
  links_internal: z.number().nullable(),
  canonical: z.string().nullable(),
  first: z.date(),
  last: z.date(),
});

/** A graph built of what crawls and an export would say of the web of the small graph: not every page was fetched. */
export async function openImportedGraph(): Promise<Graph> {
  const folder = await mkdtemp(join(tmpdir(), 'imported-'));
  try {
    await writeParts(folder);
    const path = join(folder, 'graph.duckdb');
    await buildGraph(folder, { path, memory: '1GB', threads: 1 });
    // The open file is there until it is closed.
    return await openFile({ ...MEANS, path, settings: SMALL });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the parts that the imported graph is built of. */
export async function writeParts(folder: string): Promise<void> {
  const small = await openSmallGraph();
  const links = await small.rows(
    `SELECT link_id, s.url AS source, t.url AS target, type, names AS rel, l.nofollow, anchor, semantic_location AS place,
       first_seen, last_seen AS seen_at, lost_date AS lost_at
     FROM links l JOIN pages s ON s.page_id = source_page JOIN pages t ON t.page_id = target_page
       JOIN attribute_sets ON set_id = attribute_set
     WHERE via_page IS NULL ORDER BY link_id`,
    {},
    link,
  );
  const pages = await small.rows(
    `SELECT page_id, url, status_code AS status, location AS redirect_to, title, charset AS encoding, language, size, media_type,
       external_links_count AS links_external, internal_links_count AS links_internal, canonical,
       first_visited AS first, prev_visited AS last
     FROM pages ORDER BY page_id`,
    {},
    page,
  );
  small.close();
  const seen = links.map(({ link_id, source, target, place, nofollow, ...more }) =>
    linkSeen(source, target, {
      ...more,
      place: place === '' ? null : place,
      nofollow: link_id % 11 === 0 ? null : nofollow,
    }),
  );
  const fetched = pages.filter(({ page_id }) => page_id % 3 > 0);
  const fetches = fetched.flatMap(({ page_id, url, first, last, ...more }) => {
    const visits = page_id % 2 === 0 ? [last] : [first, last];
    return visits.map((fetched_at) => pageFetched(url, { ...more, fetched_at }));
  });
  const isEarly = ({ url_from }: { url_from: string }) => registrableDomain(url_from) < 'h';
  await writePart(folder, 'one', { links: seen.filter(isEarly), pages: fetches });
  await writePart(folder, 'two', { links: seen.filter((one) => !isEarly(one)), pages: [], form: 'csv' });
}
