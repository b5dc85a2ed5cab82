/** What a link says besides its ends. A later sighting says it again, except for what its source does not know. */
const SAYINGS = ['type', 'attribute_set', 'nofollow', 'anchor', 'alt', 'place'];

/**
 * The links to a range of domains. Links from one page to another are numbered in each sighting of the page, and equal numbers
 * are one link: a page that has one of three links less has lost the third. A link is lost when a later fetch of its page does
 * not have it, and only then: of a page that was not fetched again nobody knows. An export says itself what is lost.
 */
export const INSERT_BUILT_LINKS = `INSERT INTO links
  WITH seen AS MATERIALIZED (
    SELECT page_id AS target_page, s.* FROM sightings s JOIN page_keys k ON k.page_key = s.page_key AND k.host_id = s.target_host
    WHERE s.target_domain BETWEEN $first_domain AND $last_domain AND k.host_id >= $first_host AND k.host_id < $end_host
  ), repeated AS MATERIALIZED (
    SELECT target_page, source_page FROM seen GROUP BY ALL HAVING count(*) > 1
  ), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY target_page, source_page, seen_at, part
      ORDER BY ${SAYINGS.join(', ')}) AS nth, epoch(seen_at)::BIGINT * 1000000 + part AS turn
    FROM seen SEMI JOIN repeated USING (target_page, source_page)
  ), known AS (
    SELECT target_page, source_page, target_host, target_domain, source_host, source_domain, ${SAYINGS.join(', ')},
      least(first_seen, seen_at) AS first_seen, seen_at AS last_seen, lost_at
    FROM seen ANTI JOIN repeated USING (target_page, source_page)
    UNION ALL
    SELECT target_page, source_page, any_value(target_host), any_value(target_domain), any_value(source_host), any_value(source_domain),
      ${SAYINGS.map((name) => `arg_max(${name}, turn)`).join(', ')},
      min(least(first_seen, seen_at)), max(seen_at), arg_max_null(lost_at, turn)
    FROM numbered GROUP BY target_page, source_page, nth
  ), read_later AS (
    SELECT known.*, last_read > last_seen AS is_read_later FROM known LEFT JOIN visits ON visits.page_id = source_page
  ), dated AS (
    SELECT * EXCLUDE (is_read_later) FROM read_later WHERE is_read_later IS NOT TRUE
    UNION ALL
    SELECT late.* EXCLUDE (is_read_later) REPLACE (least(late.lost_at, fetched_at) AS lost_at)
    FROM (FROM read_later WHERE is_read_later) late
      ASOF JOIN (FROM fetches WHERE tells_losses) f ON f.page_id = late.source_page AND late.last_seen < f.fetched_at
  ), numbered_all AS (
    SELECT *, ((SELECT count(*) FROM links WHERE via_page IS NULL) + row_number() OVER (ORDER BY target_page, source_page, type, attribute_set, anchor, place, alt, first_seen) - 1)::INTEGER AS link_id
    FROM dated
  ), reached AS (
    SELECT target_page AS reached_page, NULL::INTEGER AS via_page, NULL::VARCHAR AS indirect_via, * FROM numbered_all
    UNION ALL
    SELECT goal, target_page, leads_by, l.* FROM numbered_all l JOIN visits ON visits.page_id = target_page WHERE goal IS NOT NULL
  )
  SELECT link_id, reached_page, target_host, target_domain, via_page, indirect_via, source_page, source_host, source_domain,
    NULL, NULL, tld, NULL, NULL, NULL, type, place, attribute_set, nofollow, anchor, visits.status >= 400, first_seen, last_seen, lost_at
  FROM reached LEFT JOIN visits ON visits.page_id = reached_page
    JOIN built_domains ON built_domains.domain_id = source_domain
  ORDER BY reached_page, link_id`;
