import type { LinkSeen, PageFetched } from '../part.js';
import type { Cell } from './link-of.js';

/**
 * What a record says of the page that links; null where it says nothing. What another tool fetched is no fetch that tells which
 * of our links are gone.
 */
export function pageOf(cell: Cell, link: LinkSeen): PageFetched | null {
  const title = cell('title') || null;
  const language = /^[a-z]{2,3}\b/i.exec(cell('language'))?.[0].toLowerCase() ?? null;
  const external = countIn(cell('links_external'));
  const internal = countIn(cell('links_internal'));
  if (title === null && language === null && external === null && internal === null) return null;
  return {
    is_fetch: false,
    url: link.url_from,
    domain: link.domain_from,
    host: link.host_from,
    fetched_at: link.seen_at,
    status: null,
    redirect_to: null,
    title,
    encoding: null,
    language,
    size: null,
    media_type: null,
    server: null,
    links_external: external,
    links_internal: internal,
    images: null,
    words: null,
    noindex: null,
    nofollow: null,
    canonical: null,
  };
}

function countIn(text: string): number | null {
  const count = Number(text.replaceAll(',', ''));
  return text !== '' && Number.isSafeInteger(count) && count >= 0 && count <= 2_147_483_647 ? count : null;
}
