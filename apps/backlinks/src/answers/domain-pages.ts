import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { metricFields, timeText } from './item.js';
import { pageOf } from './listing.js';
import type { ListOptions } from './options.js';
import { metricColumns, pageMetrics, sortableMetrics } from './page-metrics.js';
import { type Scope, scopeOf } from './scope.js';

/** What is on a page is known only where it could be read. */
const META = `CASE WHEN page.status_code = 200 THEN {
    'title': page.title, 'canonical': page.canonical,
    'internal_links_count': page.internal_links_count, 'external_links_count': page.external_links_count,
    'images_count': page.images_count, 'words_count': page.words_count, 'page_spam_score': page.page_spam_score,
    'social_media_tags': CASE WHEN page.page_id % 2 = 0 THEN {'og:title': page.title, 'og:url': page.canonical} END,
    'h1': [page.title],
    'h2': CASE WHEN page.words_count > 600 THEN ['About ' || page.title, 'More from ' || page.domain] END,
    'h3': CASE WHEN page.words_count > 1800 THEN ['Read next'] END,
    'images_alt': CASE WHEN page.images_count > 0 THEN [page.title] END,
    'powered_by': CASE WHEN page.cms IS NOT NULL THEN [page.cms] END,
    'language': page.language, 'charset': 'utf-8', 'platform_type': page.platform_type,
    'technologies': CASE WHEN page.cms IS NOT NULL THEN
      {'cms': page.cms, 'blogs': CASE WHEN page.is_blog THEN page.cms END,
       'cdn': CASE WHEN page.server = 'cloudflare' THEN 'Cloudflare' END} END
  } END`;

const ITEM = `to_json({'type': 'backlinks_domain_page', 'main_domain': page.main_domain, 'domain': page.domain,
  'tld': page.tld, 'page': page.page, 'ip': page.ip, 'first_visited': ${timeText('page.first_visited')},
  'prev_visited': ${timeText('page.prev_visited')}, 'fetch_time': ${timeText('page.fetch_time')},
  'status_code': page.status_code, 'location': page.location, 'size': page.size,
  'encoded_size': page.encoded_size, 'content_encoding': page.content_encoding, 'media_type': page.media_type,
  'server': page.server, 'meta': ${META}, 'page_summary': {${metricFields('page', 'limited')}}})`;

const PLAIN_FIELDS = [
  'main_domain',
  'domain',
  'tld',
  'page',
  'ip',
  'first_visited',
  'prev_visited',
  'fetch_time',
  'status_code',
  'location',
  'size',
  'encoded_size',
  'content_encoding',
  'media_type',
  'server',
];
const META_FIELDS = [
  'title',
  'canonical',
  'internal_links_count',
  'external_links_count',
  'images_count',
  'words_count',
  'page_spam_score',
  'language',
];

const SORTABLE = new Map([
  ...PLAIN_FIELDS.map((name): [string, string] => [name, name]),
  ...META_FIELDS.map((name): [string, string] => [`meta.${name}`, name]),
  ...sortableMetrics('page_summary.'),
]);

/** All pages of a domain or subdomain, the most linked-to first. Null for a target that is not in the graph. */
export async function answerDomainPages(graph: Graph, options: ListOptions): Promise<Answer | null> {
  const scope = await scopeOf(graph, options);
  if (scope === null) return null;
  const listing = { rows: rowsOf(scope, options), order: 'backlinks DESC, page', item: ITEM, sortable: SORTABLE };
  const { total, items } = await pageOf(graph, { ...listing, params: scope.params }, options);
  return { head: { target: options.target.given, total_count: total }, items };
}

function rowsOf(scope: Scope, options: ListOptions): string {
  return `SELECT pages.page_id, domains.domain AS main_domain, hosts.host AS domain, domains.tld, pages.url AS page, hosts.ip,
      first_visited, prev_visited, fetch_time, status_code, location,
      CASE WHEN status_code = 200 THEN size ELSE 0 END AS size,
      CASE WHEN status_code = 200 THEN size // 4 ELSE 0 END AS encoded_size,
      CASE WHEN status_code = 200 THEN 'gzip' END AS content_encoding, 'text/html' AS media_type, domains.server,
      title, canonical, words_count, images_count, pages.spam_score AS page_spam_score, domains.language,
      coalesce(internal_links_count, 0) AS internal_links_count,
      coalesce(external_links_count, 0) AS external_links_count, names AS platform_type,
      CASE WHEN list_contains(names, 'cms') THEN 'WordPress' END AS cms, list_contains(names, 'blogs') AS is_blog,
      coalesce(page_ranks.rank, 0) AS rank, ${metricColumns('m')}
    FROM pages
      JOIN hosts ON hosts.host_id = pages.host_id
      JOIN domains ON domains.domain_id = pages.domain_id
      JOIN platform_sets ON set_id = domains.platform_set
      LEFT JOIN page_outlinks ON page_outlinks.page_id = pages.page_id
      LEFT JOIN page_ranks ON page_ranks.page_id = pages.page_id
      LEFT JOIN (${pageMetrics(scope, options)}) m ON m.subject = pages.page_id
    WHERE ${scope.onPages}`;
}
