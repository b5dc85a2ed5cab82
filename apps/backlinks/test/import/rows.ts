import { hostOf, registrableDomain } from '@linkhaul/schemas';
import { type LinkSeen, PART_VERSION, type PageFetched, type PartHead } from '../../src/import/part.js';
import { openPartWriter } from '../../src/import/part-writer.js';

const DAY = new Date('2026-03-01T12:00:00Z');

/** A link as a page had it on a day, an anchor without words unless it is said. */
export function linkSeen(url_from: string, url_to: string, more: Partial<LinkSeen> = {}): LinkSeen {
  return {
    url_from,
    url_to,
    domain_from: registrableDomain(url_from),
    domain_to: registrableDomain(url_to),
    host_from: hostOf(url_from),
    host_to: hostOf(url_to),
    type: 'anchor',
    rel: [],
    nofollow: false,
    anchor: '',
    alt: null,
    place: null,
    seen_at: DAY,
    first_seen: null,
    lost_at: null,
    ...more,
  };
}

/** A fetch of a page, of which nothing else is known unless it is said. */
export function pageFetched(url: string, more: Partial<PageFetched> = {}): PageFetched {
  return {
    is_fetch: true,
    url,
    domain: registrableDomain(url),
    host: hostOf(url),
    fetched_at: DAY,
    status: 200,
    redirect_to: null,
    title: null,
    encoding: null,
    language: null,
    size: null,
    media_type: null,
    server: null,
    links_external: null,
    links_internal: null,
    images: null,
    words: null,
    noindex: null,
    nofollow: null,
    canonical: null,
    ...more,
  };
}

/** Writes a part as an import does. */
export async function writePart(
  folder: string,
  name: string,
  {
    links,
    pages,
    form = 'warc',
    options = { internal: true, only: null },
  }: {
    links: readonly LinkSeen[];
    pages: readonly PageFetched[];
    form?: PartHead['source']['form'];
    options?: PartHead['options'];
  },
): Promise<void> {
  const writer = await openPartWriter(folder, name);
  for (const link of links) writer.link(link);
  for (const page of pages) writer.page(page);
  const dates = [...links.map(({ seen_at }) => seen_at), ...pages.map(({ fetched_at }) => fetched_at)]
    .map((date) => date.toISOString())
    .toSorted();
  await writer.end({
    version: PART_VERSION,
    source: { file: `${name}.warc.gz`, form, sha256: name, bytes: 1 },
    options,
    extractor: 1,
    counts: { records: pages.length, pages: pages.length, links: links.length, edges: 0 },
    first_date: dates[0] ?? null,
    last_date: dates.at(-1) ?? null,
    left_out: [],
  });
}
