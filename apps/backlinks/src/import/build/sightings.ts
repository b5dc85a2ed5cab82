/**
 * What was seen when, in numbers: a row for each row of the parts. `tells_losses` of a fetch says whether it tells what is gone: a
 * page whose links were read, that is missing, or that leads elsewhere no longer has the links that it had. A fetch that tells
 * neither this nor a goal, such as one that found the page as it was, leaves the goal as it was, too.
 */
export const SIGHTING_STEPS = [
  `CREATE TABLE attribute_sets AS
   SELECT (row_number() OVER () - 1)::INTEGER AS set_id, names, list_contains(names, 'nofollow') AS nofollow
   FROM (SELECT names FROM (SELECT DISTINCT rel AS names FROM part_links UNION SELECT []::VARCHAR[]) ORDER BY len(names), names)`,
  'CREATE TABLE platform_sets (set_id TINYINT, names VARCHAR[])',

  `CREATE TEMP TABLE fetches AS
   SELECT page_keys.page_id, fetched_at, status, goal.page_id AS goal, CASE WHEN status BETWEEN 300 AND 399 THEN 'redirect' ELSE 'canonical' END AS leads_by,
     links_external IS NOT NULL OR coalesce(status BETWEEN 300 AND 399 OR status IN (404, 410), false) AS tells_losses,
     tells_losses OR goal.page_id IS NOT NULL AS tells_goal
   FROM (
     SELECT key_of(host) AS host_key, key_of(url) AS page_key, fetched_at, status, links_external,
       key_of(goal_of(host, url, status, redirect_to, canonical)) AS goal_key
     FROM part_pages WHERE is_fetch
   ) seen JOIN built_hosts USING (host_key) JOIN page_keys ON page_keys.host_id = built_hosts.host_id AND page_keys.page_key = seen.page_key
     LEFT JOIN page_keys goal ON goal.host_id = built_hosts.host_id AND goal.page_key = goal_key
   ORDER BY page_keys.page_id, fetched_at`,
  // How each page stood when it was fetched last. The status is the last that is known.
  `CREATE TEMP TABLE visits AS
   SELECT page_id, max_by(status, fetched_at) AS status, arg_max_null(goal, fetched_at) FILTER (tells_goal) AS goal,
     max_by(leads_by, fetched_at) FILTER (tells_goal) AS leads_by, max(fetched_at) FILTER (tells_losses) AS last_read, count(DISTINCT fetched_at) AS fetches
   FROM fetches GROUP BY page_id ORDER BY page_id`,

  `CREATE TEMP TABLE sightings AS
   SELECT key_of(url_to) AS page_key, target.host_id AS target_host, target.domain_id AS target_domain,
     source.page_id AS source_page, source.host_id AS source_host, source.domain_id AS source_domain,
     type, set_id AS attribute_set, part_links.nofollow, anchor, alt, place, part, seen_at, part_links.first_seen, lost_at
   FROM part_links JOIN built_hosts target ON target.host_key = key_of(host_to)
     JOIN source_keys source ON source.host_key = key_of(host_from) AND source.page_key = key_of(url_from)
     JOIN (SELECT set_id, hash(names) AS names_key FROM attribute_sets) ON names_key = hash(rel)`,
];
