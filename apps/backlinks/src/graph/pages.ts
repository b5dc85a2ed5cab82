/**
 * Pages. Their ids run by host, so a host's and a domain's pages are one range each; a host's first page is its
 * most linked-to one. A page's fate (broken, moved, copy of another) is drawn, seeded pages are always sound.
 */
export const PAGE_STEPS = [
  `CREATE TEMP TABLE placed_pages AS
   WITH drawn AS (
     SELECT i, least(getvariable('domains') - 1,
       floor(getvariable('domains') * pow((i + 0.5) / getvariable('pages'), 2)))::INTEGER AS domain_id
     FROM range(getvariable('pages')) r(i)
   ), numbered AS (
     SELECT i, domain_id, row_number() OVER (PARTITION BY domain_id ORDER BY i) - 1 AS ordinal FROM drawn
   ), housed AS (
     SELECT i, ordinal, ordinal < host_count AS is_home, first_host +
       CASE WHEN ordinal < host_count THEN ordinal ELSE floor(host_count * pow(unit('house', i), 3)) END AS host_id
     FROM numbered JOIN (SELECT domain_id, min(host_id) AS first_host, count(*) AS host_count FROM hosts GROUP BY ALL)
       USING (domain_id)
   ), named AS (
     SELECT host_id::INTEGER AS host_id, ordinal AS position, false AS is_seed, 'https://' || host || '/' ||
       CASE WHEN is_home THEN '' ELSE pick(getvariable('sections'), 'section', i) || '/' ||
         pick(getvariable('adjectives'), 'slug1', i) || '-' || pick(getvariable('nouns'), 'slug2', i) || '-' || ordinal
       END AS url
     FROM housed JOIN hosts USING (host_id)
     UNION ALL
     SELECT host_id, position - 1000000000, true, url FROM seed_pages JOIN hosts USING (host)
   ), distinct_pages AS (
     SELECT url, any_value(host_id) AS host_id, min(position) AS position, bool_or(is_seed) AS is_seed
     FROM named GROUP BY url
   )
   SELECT (row_number() OVER (ORDER BY host_id, position, url) - 1)::INTEGER AS page_id, url, host_id, is_seed
   FROM distinct_pages`,

  `CREATE TEMP TABLE host_pages AS
   SELECT host_id, min(page_id) AS first_page, count(*) AS page_count FROM placed_pages GROUP BY host_id`,

  `CREATE TEMP TABLE fated_pages AS
   SELECT p.*, first_page, page_count,
     CASE WHEN is_seed OR page_id = first_page THEN 'sound'
       ELSE pick(getvariable('fates'), 'fate', page_id) END AS fate
   FROM placed_pages p JOIN host_pages USING (host_id)`,

  `CREATE TABLE pages AS
   WITH led AS (
     SELECT p.*, CASE WHEN p.fate IN ('moved', 'copy') THEN
       CASE WHEN other.fate = 'sound' THEN other.page_id ELSE p.first_page END END::INTEGER AS leads_to
     FROM fated_pages p LEFT JOIN fated_pages other
       ON other.page_id = p.first_page + draw('leads', p.page_id) % p.page_count
   )
   SELECT l.page_id, l.url, l.host_id, h.domain_id,
     CASE l.fate WHEN 'missing' THEN 404 WHEN 'gone' THEN 410 WHEN 'failing' THEN 500 WHEN 'moved' THEN 301 ELSE 200
       END::SMALLINT AS status_code,
     l.leads_to,
     CASE WHEN l.fate = 'moved' THEN goal.url END AS location,
     CASE l.fate WHEN 'sound' THEN l.url WHEN 'copy' THEN goal.url END AS canonical,
     CASE WHEN draw('page country', l.page_id) % 10 < 7 THEN d.country
       ELSE pick(getvariable('countries'), 'other country', l.page_id) END AS country,
     (d.spam_score + draw('page spam', l.page_id) % 12)::TINYINT AS spam_score,
     (200 + draw('words', l.page_id) % 2800)::INTEGER AS words_count,
     (draw('images', l.page_id) % 40)::INTEGER AS images_count,
     (9000 + draw('size', l.page_id) % 190000)::INTEGER AS size,
     upper(pick(getvariable('adjectives'), 'title1', l.page_id)[1:1]) ||
       pick(getvariable('adjectives'), 'title1', l.page_id)[2:] || ' ' ||
       pick(getvariable('nouns'), 'title2', l.page_id) || ' | ' || h.host AS title,
     TIMESTAMP '2019-01-01' + to_seconds(draw('visited', l.page_id) % 190000000) AS first_visited,
     TIMESTAMP '2026-05-01' + to_seconds(draw('previous', l.page_id) % 7000000) AS prev_visited,
     TIMESTAMP '2026-08-01' + to_seconds(draw('fetched', l.page_id) % 7000000) AS fetch_time
   FROM led l JOIN hosts h USING (host_id) JOIN domains d USING (domain_id)
     LEFT JOIN fated_pages goal ON goal.page_id = l.leads_to
   ORDER BY l.page_id`,
];
