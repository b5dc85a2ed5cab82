/** The SQL macros that draw links; those of pages are in `pages.ts`. */
export const LINK_MACROS = [
  // A link in a site's template is repeated on many pages; most links are single.
  `CREATE TEMP MACRO run_length(link) AS CASE WHEN chance('everywhere', link // 256, 4) THEN 256
     WHEN chance('often', link // 16, 16) THEN 16 WHEN chance('again', link // 4, 20) THEN 4 ELSE 1 END`,
  `CREATE TEMP MACRO place_within(hosts, name, x) AS
     CASE WHEN hosts = 1 OR chance(name, x, 55) THEN 0
       ELSE 1 + floor((hosts - 1) * pow(unit(name || ' below', x), 1.6)) END::INTEGER`,
  `CREATE TEMP MACRO attributes_of(run, type, site_nofollow, site_rel, is_forum) AS CASE
     WHEN type NOT IN ('anchor', 'image', 'link') THEN 0
     WHEN chance('followed', run, 100 - site_nofollow) THEN CASE WHEN chance('habit', run, 80) THEN site_rel ELSE 0 END
     WHEN is_forum THEN 5 + 2 * (draw('ugc', run) % 3 // 2)
     ELSE [3, 3, 3, 4, 4, 6][1 + draw('follow', run) % 6] END::INTEGER`,
  `CREATE TEMP MACRO anchor_of(run, type, host) AS CASE type WHEN 'image' THEN '' WHEN 'anchor' THEN
     CASE WHEN chance('wrapped', run, 6) THEN '' WHEN chance('named', run, 35) THEN host
       WHEN chance('spelt', run, 20) THEN 'https://' || host || '/' WHEN chance('called', run, 30)
       THEN pick(getvariable('calls'), 'call', run) ELSE phrase('anchor', run) END END`,
];

export const CREATE_LINKS = `CREATE TABLE links (link_id INTEGER, target_page INTEGER, target_host INTEGER,
  target_domain INTEGER, via_page INTEGER, indirect_via VARCHAR, source_page INTEGER, source_host INTEGER,
  source_domain INTEGER, source_ip INTEGER, source_subnet INTEGER, tld VARCHAR, platform_set TINYINT, country VARCHAR,
  spam_score TINYINT, type VARCHAR, semantic_location VARCHAR, attribute_set INTEGER, nofollow BOOLEAN, anchor VARCHAR,
  broken BOOLEAN, first_seen TIMESTAMP, last_seen TIMESTAMP, lost_date TIMESTAMP)`;

/**
 * The links to a range of domains, in the order of the pages they reach. The links of a run come from one site and look
 * alike. A link to a page that redirects, or names another page as canonical, gets a second row for that other page, with
 * `via_page` set: an indirect link. Pages that must have a link get the first links of their domain.
 */
export const INSERT_LINKS = `INSERT INTO links
  WITH numbers AS MATERIALIZED (
    SELECT domain_id AS target_domain, first_link, first_host, host_count, unnest(range(first_link, end_link)) AS j
    FROM domain_frames WHERE domain_id BETWEEN $first_domain AND $last_domain
  ), runs AS (
    SELECT *, run_length(j) AS run_length, j // run_length(j) * run_length(j) AS run FROM numbers
  ), ends AS (
    SELECT *, source_at(taker(unit('from', run), getvariable('domains'), 30.0)) AS drawn_source FROM runs
  ), aimed AS (
    SELECT j, run, run_length, target_domain, promised.page_id AS promised_page,
      coalesce(promised.host_id, first_host + place_within(host_count, 'to host', run)) AS target_host,
      CASE WHEN promised.page_id IS NOT NULL AND drawn_source = target_domain
          THEN (drawn_source + 1) % getvariable('domains')
        WHEN promised.page_id IS NULL AND chance('internal', run, 5) THEN target_domain
        ELSE drawn_source END::INTEGER AS source_domain
    FROM ends LEFT JOIN promised_pages promised
      ON promised.domain_id = target_domain AND promised.place = j - first_link
  ), sent AS (
    SELECT a.*, s.tld, s.platform_set, s.country AS site_country, s.spam_score AS site_spam, s.nofollow AS site_nofollow,
      s.rel, s.first_host + place_within(s.host_count, 'from host', run) AS source_host
    FROM aimed a JOIN domain_frames s ON s.domain_id = a.source_domain
  ), paged AS (
    SELECT l.*, th.host, th.first_page, th.page_count, th.seed_count,
      sh.address AS source_ip, sh.subnet AS source_subnet,
      coalesce(promised_page, th.first_page + CASE WHEN run_length > 4 AND chance('to home', run, 70) THEN 0
        ELSE floor(th.page_count * pow(unit('to page', run), 2.5)) END)::INTEGER AS page,
      readable(sh.first_page + floor(sh.page_count * unit('from page', j))::INTEGER, sh.first_page, sh.seed_count)
        AS source_page,
      pick(getvariable('link_types'), 'type', run) AS type
    FROM sent l JOIN drawn_hosts th ON th.host_id = l.target_host AND th.domain_id BETWEEN $first_domain AND $last_domain
      JOIN drawn_hosts sh ON sh.host_id = l.source_host
  ), direct AS (
    SELECT *, fate(page, first_page, seed_count) AS fate,
      attributes_of(run, type, site_nofollow, rel, platform_set = 5) AS attribute_set,
      promised_page IS NULL AND (chance('lost', run, 8) OR chance('lost alone', j, 4)) AS is_lost,
      TIMESTAMP '2025-10-01' + to_seconds(draw('lost at', j) % 28000000) AS lost_at
    FROM paged
  ), reached AS (
    SELECT page AS target_page, NULL AS via_page, NULL AS indirect_via,
      fate IN ('missing', 'gone', 'failing') AS broken, * FROM direct
    UNION ALL
    SELECT goal_of(page, first_page, page_count, seed_count), page,
      CASE fate WHEN 'moved' THEN 'redirect' ELSE 'canonical' END, false, *
    FROM direct WHERE fate IN ('moved', 'copy')
  )
  SELECT j, target_page, target_host, target_domain, via_page, indirect_via, source_page, source_host, source_domain,
    source_ip, source_subnet, tld, platform_set, country_of(source_page, site_country), spam_of(source_page, site_spam),
    type, CASE WHEN type NOT IN ('anchor', 'image') THEN '' WHEN run_length > 4
      THEN pick(getvariable('template_locations'), 'template', run)
      ELSE pick(getvariable('semantic_locations'), 'location', run) END,
    attribute_set, attribute_set >= 3, anchor_of(run, type, host), broken,
    TIMESTAMP '2019-01-01' +
      to_seconds(floor(205000000 * pow(unit('seen', run), 0.7))::BIGINT + draw('seen since', j) % 5000000),
    CASE WHEN is_lost THEN lost_at - to_seconds(1 + draw('missed', j) % 2500000)
      ELSE TIMESTAMP '2026-05-01' + to_seconds(floor(14900000 * pow(unit('seen last', j), 0.5))::BIGINT) END,
    CASE WHEN is_lost THEN lost_at END
  FROM reached ORDER BY target_page, j`;
