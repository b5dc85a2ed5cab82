import { hostOf, registrableDomain } from '@linkhaul/schemas';
import type { LinkSeen, PageFetched } from '../../src/import/part.js';

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
