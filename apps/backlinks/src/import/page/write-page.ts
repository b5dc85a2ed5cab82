import type { Fields } from '../archive/fields.js';
import type { LinkSeen, PageFetched } from '../part.js';
import type { Reading } from '../source.js';
import { type Address, resolve } from './address.js';
import { linksOfHeaders, NOT_MODIFIED, redirectOf, robotsOfHeaders } from './headers.js';
import type { Html } from './html-reading.js';
import type { RawLink } from './raw-link.js';
import { bothRobots, NO_ROBOTS, type Robots } from './robots.js';

/** A page as it was fetched. */
export interface Fetched {
  /** Where its record is in the file. */
  readonly at: number;
  readonly page: Address;
  readonly date: Date;
  /** Null where the source does not know it. */
  readonly status: number | null;
  readonly fields: Fields;
  readonly media: string | null;
  readonly encoding: string | null;
  readonly size: number | null;
  /** Null where it is none, or was not read. */
  readonly html: Html | null;
  /** Whether the page may have more links than were read. */
  readonly isCut: boolean;
}

/** Writes the row of a fetch and those of its links. */
export function writePage(fetched: Fetched, reading: Reading): void {
  const { page, html } = fetched;
  const robots = bothRobots(robotsOfHeaders(fetched.fields), html?.robots ?? NO_ROBOTS);
  const base = baseOf(html, page);
  const found = [...linksOfHeaders(fetched.status, fetched.fields), ...(html?.links ?? [])];
  const links = found.flatMap((link) => linkRow(link, { fetched, base, robots, reading }));
  if (html !== null && html.linksLeftOut > 0) {
    reading.leftOut.add('too_many_links', fetched.at, `${html.linksLeftOut} links of ${page.url}`);
  }
  const { only } = reading;
  const wanted = links.filter(
    (link) => (reading.options.internal || isExternal(link)) && (only === null || only.has(link.domain_to)),
  );
  if (wanted.length === 0 && only !== null && !only.has(page.domain)) return;
  for (const link of wanted) reading.rows.link(link);
  reading.rows.page({ ...pageRow(fetched), ...ofHtml(fetched, { robots, links }) });
}

type OfHtml = Pick<
  PageFetched,
  'title' | 'language' | 'links_external' | 'links_internal' | 'images' | 'noindex' | 'nofollow' | 'canonical'
>;

/** What only a page that was read says. */
function ofHtml(
  { html, isCut }: Fetched,
  { robots, links }: { readonly robots: Robots; readonly links: readonly LinkSeen[] },
): Partial<OfHtml> {
  const canonical = links.find(({ type }) => type === 'canonical')?.url_to ?? null;
  if (html === null) return { canonical };
  const external = links.filter(isExternal).length;
  // Who does not know all links of a page does not know which are gone, either.
  const isWhole = !isCut && html.linksLeftOut === 0;
  return {
    canonical,
    title: html.title,
    ...(html.language !== null && { language: languageOf(html.language) }),
    links_external: isWhole ? external : null,
    links_internal: isWhole ? links.length - external : null,
    images: html.images,
    ...robots,
  };
}

function pageRow({ page, date, status, fields, encoding, size, media }: Fetched): PageFetched {
  const redirect = redirectOf(status, fields);
  return {
    ...page,
    is_fetch: true,
    fetched_at: date,
    status: status === NOT_MODIFIED ? null : status,
    redirect_to: redirect === null ? null : urlOf(redirect, page.url),
    title: null,
    encoding,
    language: languageOf(fields.get('content-language') ?? null),
    size,
    media_type: media,
    server: fields.get('server') || null,
    links_external: null,
    links_internal: null,
    images: null,
    words: null,
    noindex: null,
    nofollow: null,
    canonical: null,
  };
}

function isExternal(link: LinkSeen): boolean {
  return link.domain_from !== link.domain_to;
}

/** By the URL standard, a base that is no address, or not one of the web, does not count. */
function baseOf(html: Html | null, { url }: Address): string {
  return html?.base == null ? url : (urlOf(html.base, url) ?? url);
}

function urlOf(text: string, base: string): string | null {
  const address = resolve(text, base);
  return 'url' in address ? address.url : null;
}

interface Of {
  readonly fetched: Fetched;
  readonly base: string;
  readonly robots: Robots;
  readonly reading: Reading;
}

/** No row where the link does not lead to a page of the web. */
function linkRow(link: RawLink, { fetched, base, robots, reading }: Of): LinkSeen[] {
  const { page, date } = fetched;
  const to = resolve(link.href, base);
  if ('reason' in to) {
    // Links such as mailto: are no links to pages, which is nothing to be told.
    if (to.reason !== 'no_web_address') reading.leftOut.add(to.reason, fetched.at, `${link.href} on ${page.url}`);
    return [];
  }
  // `http://http//b.com` is a slip of the pen, and no link to the host `http`.
  if (isBareName(to.host) && to.host !== page.host) {
    reading.leftOut.add('no_host', fetched.at, `${link.href} on ${page.url}`);
    return [];
  }
  const { type, rel, anchor, alt, place } = link;
  return [
    {
      url_from: page.url,
      url_to: to.url,
      domain_from: page.domain,
      domain_to: to.domain,
      host_from: page.host,
      host_to: to.host,
      type,
      rel,
      nofollow: robots.nofollow || rel.includes('nofollow'),
      anchor,
      alt,
      place,
      seen_at: date,
      first_seen: null,
      lost_at: null,
    },
  ];
}

function isBareName(host: string): boolean {
  return !host.includes('.') && !host.includes(':');
}

/** `en` of `en-GB`. */
function languageOf(text: string | null): string | null {
  return /^\s*([a-z]{2,3})\b/i.exec(text ?? '')?.[1]?.toLowerCase() ?? null;
}
