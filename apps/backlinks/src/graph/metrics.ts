/** Integer metrics; zero if there is no link. Null if there are links, and no source knows what is counted. */
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
  const maps = MAP_METRICS.map(
    (metric) =>
      `${metric} AS (SELECT subject, map_text(word, n) AS entries FROM (${wordCounts(metric, 'counted')}) GROUP BY subject)`,
  );
  const names = MAP_METRICS;
  return `WITH counted AS MATERIALIZED (${links}), ${maps.join(', ')}, counts AS (${COUNTS})
    SELECT ${COUNTED.map((name) => `counts.${name} AS ${name}`).join(', ')}, ${names.map((name) => `${name}.entries AS ${name}`).join(', ')}
    FROM counts ${names.map((name) => `LEFT JOIN ${name} USING (subject)`).join(' ')}`;
}

/** The columns of `counts`. */
const COUNTED = ['subject', ...COUNT_METRICS, ...TIME_METRICS];

/** The columns of `links` that metrics are made of. */
export const COUNTED_COLUMNS = `first_seen, lost_date, spam_score, broken, nofollow, target_page, source_page, source_host,
  source_domain, source_ip, source_subnet, tld, type, semantic_location, country, attribute_set, platform_set`;

/** The same as `metricsQuery`, of links of which no two have one subject. */
export function metricsOfOne(links: string): string {
  const one = (word: string) => `'{' || to_json(${word})::VARCHAR || ':1}'`;
  const each = (names: string) =>
    `'{' || nullif(array_to_string(list_transform(list_sort(${names}), lambda w: to_json(w)::VARCHAR || ':1'), ','), '') || '}'`;
  const ifKnown = (column: string) => `CASE WHEN ${column} IS NOT NULL THEN 1 END`;
  return `SELECT subject, 1 AS backlinks, first_seen, lost_date, spam_score AS backlinks_spam_score,
      broken::INTEGER AS broken_backlinks, broken::INTEGER AS broken_pages,
      1 AS referring_domains, coalesce(nofollow, false)::INTEGER AS referring_domains_nofollow,
      1 AS referring_main_domains, coalesce(nofollow, false)::INTEGER AS referring_main_domains_nofollow,
      ${ifKnown('source_ip')} AS referring_ips, ${ifKnown('source_subnet')} AS referring_subnets,
      1 AS referring_pages, coalesce(nofollow, false)::INTEGER AS referring_pages_nofollow,
      ${Object.entries(PLAIN_MAPS).map(([metric, column]) => `${one(column)} AS ${metric}`)},
      ${each('attribute_sets.names')} AS referring_links_attributes, ${each('platform_sets.names')} AS referring_links_platform_types
    FROM (${links}) LEFT JOIN (SELECT set_id, names FROM attribute_sets) attribute_sets ON attribute_sets.set_id = attribute_set
      LEFT JOIN platform_sets ON platform_sets.set_id = platform_set`;
}

/** How many values a column has. */
const distinct = (column: string, among = `${column} IS NOT NULL`) => `distinct_among(${column}, ${among})`;

const COUNTS = `SELECT subject, count(*) AS backlinks, min(first_seen) AS first_seen,
    CASE WHEN count(lost_date) = count(*) THEN max(lost_date) END AS lost_date,
    floor(avg(spam_score) + 0.5) AS backlinks_spam_score,
    CASE WHEN count(broken) > 0 THEN count(*) FILTER (WHERE broken) END AS broken_backlinks,
    CASE WHEN count(broken) > 0 THEN ${distinct('target_page', 'broken')} END AS broken_pages,
    ${distinct('source_host')} AS referring_domains,
    ${distinct('source_host', 'nofollow')} AS referring_domains_nofollow,
    ${distinct('source_domain')} AS referring_main_domains,
    ${distinct('source_domain', 'nofollow')} AS referring_main_domains_nofollow,
    nullif(${distinct('source_ip')}, 0) AS referring_ips,
    nullif(${distinct('source_subnet')}, 0) AS referring_subnets,
    ${distinct('source_page')} AS referring_pages,
    ${distinct('source_page', 'nofollow')} AS referring_pages_nofollow
  FROM counted GROUP BY subject`;

/**
 * SQL for a metric of a row that may have no links: a count is zero then, and the mean spam score what `spam_of_nothing` says,
 * a macro that each graph has.
 */
export function metricOf(row: string, name: (typeof COUNT_METRICS)[number]): string {
  const without = name === 'backlinks_spam_score' ? 'spam_of_nothing()' : '0';
  return `CASE WHEN coalesce(${row}.backlinks, 0) > 0 THEN ${row}.${name} ELSE ${without} END`;
}

/** SQL for how often each word of a map occurs among the links of a table, by `subject`. */
export function wordCounts(metric: (typeof MAP_METRICS)[number], links: string): string {
  switch (metric) {
    case 'referring_links_attributes':
      return setCounts({ column: 'attribute_set', sets: 'attribute_sets' }, links);
    case 'referring_links_platform_types':
      return setCounts({ column: 'platform_set', sets: 'platform_sets' }, links);
    default:
      return `SELECT subject, ${PLAIN_MAPS[metric]} AS word, count(*) AS n FROM ${links} WHERE word IS NOT NULL GROUP BY ALL`;
  }
}

/** A column with a set of words: a link counts once for each word. */
function setCounts(from: { column: string; sets: string }, links: string): string {
  return `SELECT subject, word, sum(n)::BIGINT AS n FROM (
      SELECT subject, n, entries_of(names) AS word FROM
        (SELECT subject, ${from.column} AS set_id, count(*) AS n FROM ${links} GROUP BY ALL) JOIN ${from.sets} USING (set_id)
    ) GROUP BY ALL`;
}
