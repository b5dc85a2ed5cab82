/**
 * Numbers for all domains, hosts and pages that the parts name. Numbers follow the order of names, so that pages of a host, and
 * hosts of a domain, have neighbouring ones. Addresses are told apart by their hashes here: sorting and joining numbers takes a
 * fraction of the time and memory that texts take. The texts of pages are read again when the pages are written.
 */
export const NAME_STEPS = [
  'CREATE TEMP MACRO key_of(text) AS hash(text)',
  // Redirects and canonical links within a host.
  `CREATE TEMP MACRO host_of(url) AS regexp_extract(url, '^https?://([^/:?#]+)', 1)`,
  `CREATE TEMP MACRO goal_of(host, url, status, redirect_to, canonical) AS CASE
     WHEN status BETWEEN 300 AND 399 AND redirect_to <> url AND host_of(redirect_to) = host THEN redirect_to
     WHEN coalesce(status, 200) = 200 AND canonical <> url AND host_of(canonical) = host THEN canonical END`,

  `CREATE TEMP TABLE seen_hosts AS
   SELECT domain_to AS domain, host_to AS host FROM part_links GROUP BY ALL
   UNION SELECT domain_from, host_from FROM part_links GROUP BY ALL
   UNION SELECT domain, host FROM part_pages GROUP BY ALL`,

  // Each host with all above it: what links to a host links to its domain as well, though nobody names the domain itself.
  `CREATE TEMP MACRO hosts_above(host, domain) AS list_transform(
     range(len(string_split(domain, '.')), len(string_split(host, '.')) + 1),
     lambda n: array_to_string(string_split(host, '.')[-n:], '.'))`,
  `CREATE TEMP TABLE built_domains AS
   SELECT (row_number() OVER () - 1)::INTEGER AS domain_id, domain, split_part(domain, '.', -1) AS tld
   FROM (SELECT domain FROM seen_hosts GROUP BY domain ORDER BY domain)`,
  `CREATE TEMP TABLE built_hosts AS
   SELECT (row_number() OVER () - 1)::INTEGER AS host_id, host, domain_id, host = domain AS is_root, key_of(host) AS host_key
   FROM (SELECT DISTINCT domain_id, domain, unnest(hosts_above(host, domain)) AS host FROM seen_hosts JOIN built_domains USING (domain)
     ORDER BY domain_id, host <> domain, host)`,
  `SELECT CASE WHEN count(*) > count(DISTINCT host_key) THEN error('two hosts have one key') END FROM built_hosts`,

  `CREATE TEMP TABLE sources AS
   SELECT key_of(host_from) AS host_key, key_of(url_from) AS page_key FROM part_links GROUP BY ALL`,
  `CREATE TEMP TABLE page_keys AS
   SELECT (row_number() OVER () - 1)::INTEGER AS page_id, host_id, domain_id, page_key
   FROM (SELECT host_id, domain_id, page_key FROM (
       SELECT key_of(host_to) AS host_key, key_of(url_to) AS page_key FROM part_links GROUP BY ALL
       UNION FROM sources
       UNION SELECT key_of(host), key_of(url) FROM part_pages
       UNION SELECT key_of(host), key_of(goal_of(host, url, status, redirect_to, canonical)) FROM part_pages
         WHERE goal_of(host, url, status, redirect_to, canonical) IS NOT NULL
     ) JOIN built_hosts USING (host_key) ORDER BY host_id, page_key)`,
  `CREATE TEMP TABLE source_keys AS
   SELECT host_key, page_key, page_id, host_id, k.domain_id
   FROM page_keys k JOIN built_hosts USING (host_id) SEMI JOIN sources USING (host_key, page_key)`,
  // Pages of which nothing but their links is known: exports name them.
  `CREATE TEMP TABLE unread_sources AS
   SELECT DISTINCT domain_from AS domain, host_from AS host, url_from AS url FROM part_links
   WHERE (key_of(host_from), key_of(url_from)) IN
     (FROM sources EXCEPT SELECT key_of(host), key_of(url) FROM part_pages)`,
  'DROP TABLE sources',
  'DROP TABLE seen_hosts',
];

/** The ranges of numbers of each domain, by which the graph is built in chunks. */
export const FRAME_STEPS = [
  `CREATE TEMP TABLE domain_frames AS
   WITH pages AS (SELECT domain_id, min(page_id) AS first_page, max(page_id) + 1 AS end_page FROM page_keys GROUP BY ALL),
     hosts AS (SELECT domain_id, min(host_id) AS first_host, count(*) AS host_count FROM built_hosts GROUP BY ALL),
     links AS (SELECT target_domain AS domain_id, count(*) AS links FROM sightings GROUP BY ALL)
   SELECT domain_id, domain, tld, first_host, host_count, first_page, end_page,
     coalesce(sum(links) OVER (ORDER BY domain_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS first_link
   FROM built_domains JOIN hosts USING (domain_id) JOIN pages USING (domain_id) LEFT JOIN links USING (domain_id)
   ORDER BY domain_id`,
];
