/** The address of each page of a range of domains. */
const NAMED = `SELECT key_of(host) AS host_key, key_of(url) AS page_key,
    CASE WHEN min(url) = max(url) THEN min(url) ELSE error('two addresses have one key') END AS url
  FROM (
    SELECT host, url FROM part_pages WHERE domain BETWEEN $first_name AND $last_name
    UNION ALL
    SELECT host, goal_of(host, url, status, redirect_to, canonical) FROM part_pages
    WHERE domain BETWEEN $first_name AND $last_name AND goal_of(host, url, status, redirect_to, canonical) IS NOT NULL
    UNION ALL
    SELECT host, url FROM unread_sources WHERE domain BETWEEN $first_name AND $last_name
    UNION ALL
    SELECT host_to, url_to FROM part_links WHERE domain_to BETWEEN $first_name AND $last_name
  ) GROUP BY ALL`;

/**
 * The pages of a range of domains. What stands on a page is said by its last fetch whose links were read; when and how it was
 * fetched, by all. Of a page that was never fetched only its address is known.
 */
export const INSERT_BUILT_PAGES = `INSERT INTO pages
  WITH named AS (${NAMED}), contents AS (
    SELECT key_of(host) AS host_key, key_of(url) AS page_key, part_pages.* FROM part_pages
    WHERE domain BETWEEN $first_name AND $last_name
    QUALIFY row_number() OVER (PARTITION BY host, url
      ORDER BY links_external IS NOT NULL DESC, fetched_at DESC, title, size) = 1
  ), moves AS (
    SELECT key_of(host) AS host_key, key_of(url) AS page_key, arg_max_null(redirect_to, fetched_at) AS location FROM part_pages
    WHERE domain BETWEEN $first_name AND $last_name AND status BETWEEN 300 AND 399 GROUP BY ALL
  ), times AS (
    SELECT page_id, min(fetched_at) AS first_visited, max(fetched_at) AS fetch_time,
      list_sort(list_distinct(list(fetched_at)), 'DESC')[2] AS prev_visited
    FROM fetches WHERE page_id >= $first_page AND page_id < $end_page GROUP BY page_id
  )
  SELECT k.page_id, named.url, k.host_id, k.domain_id, visits.status, visits.goal, NULL, NULL, r.rank,
    CASE WHEN visits.status BETWEEN 300 AND 399 THEN moves.location END, size, NULL, NULL, media_type, server, title, canonical,
    links_internal, links_external, images, words, NULL, NULL, NULL, NULL, NULL, NULL, language, encoding, NULL, NULL,
    first_visited, prev_visited, fetch_time
  FROM page_keys k JOIN built_hosts USING (host_id)
    JOIN named ON named.page_key = k.page_key AND named.host_key = built_hosts.host_key
    JOIN page_ranks r ON r.id = k.page_id
    LEFT JOIN contents ON contents.page_key = k.page_key AND contents.host_key = built_hosts.host_key
    LEFT JOIN moves ON moves.page_key = k.page_key AND moves.host_key = built_hosts.host_key
    LEFT JOIN visits ON visits.page_id = k.page_id
    LEFT JOIN times ON times.page_id = k.page_id
  WHERE k.page_id >= $first_page AND k.page_id < $end_page AND r.id >= $first_page AND r.id < $end_page
  ORDER BY k.page_id`;
