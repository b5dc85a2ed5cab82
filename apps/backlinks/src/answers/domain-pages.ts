import { ALL_OPERATORS } from '@linkhaul/schemas';
import { timeText } from '../graph/metric-json.js';
import { DOMAIN_PAGES_FIELDS } from './domain-pages-fields.js';
import type { Listing } from './listing.js';
import { LIMITED_METRICS, scaledRank } from './metric-item.js';
import { metricColumns, pageMetrics } from './page-metrics.js';
import type { Scope } from './scope.js';
import type { ListCall } from './target.js';

/** A page has contents only if the crawler could read it. */
const META = `CASE WHEN page.is_read THEN {
    'title': page.title, 'canonical': page.canonical,
    'internal_links_count': page.internal_links_count, 'external_links_count': page.external_links_count,
    'images_count': page.images_count, 'words_count': page.words_count, 'page_spam_score': page.page_spam_score,
    'social_media_tags': page.social_media_tags::JSON, 'h1': page.h1, 'h2': page.h2, 'h3': page.h3,
    'images_alt': page.images_alt, 'powered_by': page.powered_by, 'language': page.language,
    'charset': page.charset, 'platform_type': page.platform_type, 'technologies': page.technologies::JSON
  } END`;

const ITEM = `to_json({'type': 'backlinks_domain_page', 'main_domain': page.main_domain, 'domain': page.domain,
  'tld': page.tld, 'page': page.page, 'ip': page.ip, 'first_visited': ${timeText('page.first_visited')},
  'prev_visited': ${timeText('page.prev_visited')}, 'fetch_time': ${timeText('page.fetch_time')},
  'status_code': page.status_code, 'location': page.location, 'size': page.size,
  'encoded_size': page.encoded_size, 'content_encoding': page.content_encoding, 'media_type': page.media_type,
  'server': page.server, 'meta': ${META},
  'page_summary': {'rank': page.rank, ${LIMITED_METRICS}}})`;

/** All pages of a domain or subdomain, the most linked-to first. */
export const domainPages: Listing = {
  functionId: '0271',
  fields: DOMAIN_PAGES_FIELDS,
  operators: ALL_OPERATORS,
  rows: rowsOf,
  order: ['page_summary.backlinks,desc', 'page,asc'],
  item: ITEM,
};

function rowsOf(scope: Scope, { options }: ListCall, linkFilter: string): string {
  return `SELECT pages.* EXCLUDE (rank, spam_score), pages.url AS page, pages.status_code = 200 AS is_read,
      CASE WHEN pages.status_code = 200 THEN pages.spam_score END AS page_spam_score,
      domains.domain AS main_domain, hosts.host AS domain, domains.tld, hosts.ip,
      ${scaledRank('pages.rank')} AS rank, ${metricColumns('m')}
    FROM pages
      JOIN hosts ON hosts.host_id = pages.host_id
      JOIN domains ON domains.domain_id = pages.domain_id
      LEFT JOIN (${pageMetrics(scope, options, linkFilter)}) m ON m.subject = pages.page_id
    WHERE ${scope.onPages}`;
}
