/** Field names and limits as the vendor's published types and texts give them; the schemas are held against these. */
const RANK_AND_COUNTS = [
  'rank',
  'backlinks',
  'first_seen',
  'lost_date',
  'backlinks_spam_score',
  'broken_backlinks',
  'broken_pages',
  'referring_domains',
  'referring_domains_nofollow',
  'referring_main_domains',
  'referring_main_domains_nofollow',
  'referring_ips',
  'referring_subnets',
  'referring_pages',
  'referring_pages_nofollow',
  'referring_links_tld',
  'referring_links_types',
  'referring_links_attributes',
  'referring_links_platform_types',
  'referring_links_semantic_locations',
  'referring_links_countries',
];

export const PAGE_SUMMARY_FIELDS = RANK_AND_COUNTS;

export const PAGE_META_FIELDS = [
  'title',
  'canonical',
  'internal_links_count',
  'external_links_count',
  'images_count',
  'words_count',
  'page_spam_score',
  'social_media_tags',
  'h1',
  'h2',
  'h3',
  'images_alt',
  'powered_by',
  'language',
  'charset',
  'platform_type',
  'technologies',
];

const DOMAIN_PAGE_FIELDS = [
  'type',
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
  'meta',
  'page_summary',
];

export const ITEM_FIELDS = {
  anchors: ['type', 'anchor', ...RANK_AND_COUNTS],
  bulk_backlinks: ['target', 'backlinks'],
  bulk_new_lost_backlinks: ['target', 'new_backlinks', 'lost_backlinks'],
  bulk_new_lost_referring_domains: [
    'target',
    'new_referring_domains',
    'lost_referring_domains',
    'new_referring_main_domains',
    'lost_referring_main_domains',
  ],
  bulk_pages_summary: ['type', 'url', 'main_domain_rank', ...RANK_AND_COUNTS],
  bulk_ranks: ['target', 'rank'],
  bulk_referring_domains: [
    'target',
    'referring_domains',
    'referring_domains_nofollow',
    'referring_main_domains',
    'referring_main_domains_nofollow',
  ],
  bulk_spam_score: ['type', 'target', 'spam_score'],
  competitors: ['type', 'target', 'rank', 'intersections'],
  domain_pages: DOMAIN_PAGE_FIELDS,
  domain_pages_summary: ['type', 'url', ...RANK_AND_COUNTS],
  referring_domains: ['type', 'domain', ...RANK_AND_COUNTS],
  referring_networks: ['type', 'network_address', ...RANK_AND_COUNTS.filter((name) => name !== 'backlinks_spam_score')],
};

const DOMAIN_PAGES_REQUEST = [
  'target',
  'limit',
  'offset',
  'internal_list_limit',
  'backlinks_status_type',
  'filters',
  'order_by',
  'backlinks_filters',
  'include_subdomains',
  'exclude_internal_backlinks',
  'rank_scale',
  'tag',
];

export const REQUEST_FIELDS = {
  anchors: [...DOMAIN_PAGES_REQUEST, 'include_indirect_links'],
  bulk_backlinks: ['targets', 'tag'],
  bulk_new_lost_backlinks: ['targets', 'date_from', 'tag'],
  bulk_new_lost_referring_domains: ['targets', 'date_from', 'tag'],
  bulk_pages_summary: ['targets', 'include_subdomains', 'rank_scale', 'tag'],
  bulk_ranks: ['targets', 'rank_scale', 'tag'],
  bulk_referring_domains: ['targets', 'tag'],
  bulk_spam_score: ['targets', 'tag'],
  competitors: [
    'target',
    'limit',
    'offset',
    'filters',
    'order_by',
    'main_domain',
    'exclude_large_domains',
    'exclude_internal_backlinks',
    'rank_scale',
    'tag',
  ],
  domain_pages: DOMAIN_PAGES_REQUEST,
  domain_pages_summary: [...DOMAIN_PAGES_REQUEST, 'include_indirect_links'],
  referring_domains: [...DOMAIN_PAGES_REQUEST, 'include_indirect_links'],
  referring_networks: [...DOMAIN_PAGES_REQUEST, 'include_indirect_links', 'network_address_type'],
};

export const ID_LIST_FIELDS = ['id', 'url', 'datetime_posted', 'datetime_done', 'status', 'cost', 'metadata'];
export const ID_LIST_REQUEST = ['datetime_from', 'datetime_to', 'limit', 'offset', 'sort', 'include_metadata'];

export const OPERATORS_OF_ALL = ['regex', 'not_regex', '=', '<>', 'in', 'not_in', 'like', 'not_like'];
export const OPERATORS_OF_PAGES = ['ilike', 'not_ilike', 'match', 'not_match'];
