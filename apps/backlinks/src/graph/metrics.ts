/** Integer metrics; zero if there is no link. */
export const COUNT_METRICS = [
  'backlinks',
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
] as const;

export const TIME_METRICS = ['first_seen', 'lost_date'] as const;

/** Maps that count a column of `links`, by metric. */
const PLAIN_MAPS = {
  referring_links_tld: 'tld',
  referring_links_types: 'type',
  referring_links_semantic_locations: 'semantic_location',
  referring_links_countries: 'country',
};

/** Maps that count a column with a set of words: a link counts once for each word. */
const SET_MAPS = {
  referring_links_attributes: { column: 'attribute_set', sets: 'attribute_sets' },
  referring_links_platform_types: { column: 'platform_set', sets: 'platform_sets' },
};

export const MAP_METRICS = [
  'referring_links_tld',
  'referring_links_types',
  'referring_links_attributes',
  'referring_links_platform_types',
  'referring_links_semantic_locations',
  'referring_links_countries',
] as const;

/**
 * SQL for all backlink metrics, one row per `subject`. `links` selects columns of the table `links` and `subject`, the
 * page, host or domain that a link counts for. Maps are JSON texts, largest counts first, then by word; a map without
 * entries is null.
 */
export function metricsQuery(links: string): string {
  const maps = [
    ...Object.entries(PLAIN_MAPS).map(([metric, column]) => mapQuery(metric, plainCounts(column))),
    ...Object.entries(SET_MAPS).map(([metric, from]) => mapQuery(metric, setCounts(from))),
  ];
  const names = [...Object.keys(PLAIN_MAPS), ...Object.keys(SET_MAPS)];
  return `WITH counted AS (${links}), ${maps.join(', ')}, counts AS (${COUNTS})
    SELECT counts.*, ${names.map((name) => `${name}.entries AS ${name}`).join(', ')}
    FROM counts ${names.map((name) => `LEFT JOIN ${name} USING (subject)`).join(' ')}`;
}

/** With many subjects, counting the elements of a deduplicated list is many times faster than `count(DISTINCT)`. */
const distinct = (column: string, among = 'true') =>
  `coalesce(len(list_distinct(list(${column}) FILTER (${among}))), 0)`;

const COUNTS = `SELECT subject, count(*) AS backlinks, min(first_seen) AS first_seen,
    CASE WHEN bool_and(lost_date IS NOT NULL) THEN max(lost_date) END AS lost_date,
    round(avg(spam_score)) AS backlinks_spam_score,
    count(*) FILTER (broken) AS broken_backlinks,
    ${distinct('target_page', 'broken')} AS broken_pages,
    ${distinct('source_host')} AS referring_domains,
    ${distinct('source_host', 'nofollow')} AS referring_domains_nofollow,
    ${distinct('source_domain')} AS referring_main_domains,
    ${distinct('source_domain', 'nofollow')} AS referring_main_domains_nofollow,
    ${distinct('source_ip')} AS referring_ips,
    ${distinct('source_subnet')} AS referring_subnets,
    ${distinct('source_page')} AS referring_pages,
    ${distinct('source_page', 'nofollow')} AS referring_pages_nofollow
  FROM counted GROUP BY subject`;

/** Sorting by the negated count puts the largest counts first and orders equal counts by word. */
function mapQuery(metric: string, counts: string): string {
  const sorted = 'list_sort(list({n: -n, word: word}))';
  const entries = `list_transform(${sorted}, lambda e: to_json(e.word)::VARCHAR || ':' || (-e.n))`;
  return `${metric} AS (
    SELECT subject, '{' || array_to_string(${entries}, ',') || '}' AS entries FROM (${counts}) GROUP BY subject)`;
}

function plainCounts(column: string): string {
  return `SELECT subject, ${column} AS word, count(*) AS n FROM counted GROUP BY ALL`;
}

function setCounts(from: { column: string; sets: string }): string {
  return `SELECT subject, word, sum(n)::BIGINT AS n FROM (
      SELECT subject, n, unnest(names) AS word FROM
        (SELECT subject, ${from.column} AS set_id, count(*) AS n FROM counted GROUP BY ALL) JOIN ${from.sets} USING (set_id)
    ) GROUP BY ALL`;
}
