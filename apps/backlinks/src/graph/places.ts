/**
 * How many pages each host has and how many links reach each domain, so that every later step finds its rows by
 * reckoning. Ids of pages run by host: the home page first, seeded pages, all others. Popular domains and those that
 * link a lot have the most pages.
 */
export const PLACE_STEPS = [
  `CREATE TEMP MACRO target_of(link) AS
     taker((link + 0.5) / greatest(getvariable('links'), 1), getvariable('domains'), 10.0)`,
  // Whom the most links come from has nothing to do with whom the most reach.
  `CREATE TEMP MACRO source_at(place) AS ((place::BIGINT + 1) * 7368787 % getvariable('domains'))::INTEGER`,

  `CREATE TEMP TABLE sized_domains AS
   WITH guessed AS (
     SELECT domain_id, floor(getvariable('links') * ln(1 + domain_id / 10.0) / ln(1 + getvariable('domains') / 10.0))::BIGINT - 1
       AS guess FROM drawn_domains
   ), shares AS (
     SELECT source_at(i) AS domain_id, floor(4 * getvariable('domains') * ln((i + 31) / (i + 30))
       / ln(1 + getvariable('domains') / 30.0))::BIGINT AS sent FROM range(getvariable('domains')) r(i)
   )
   SELECT domain_id, greatest(0, least(getvariable('links'), guess + (target_of(guess) < domain_id)::BIGINT +
       (target_of(guess + 1) < domain_id)::BIGINT + (target_of(guess + 2) < domain_id)::BIGINT)) AS first_link,
     sent + 2 + draw('pages', domain_id) % 3 + floor(4 * getvariable('domains')
       * ln((domain_id + 11) / (domain_id + 10)) / ln(1 + getvariable('domains') / 10.0))::BIGINT AS page_count
   FROM guessed JOIN shares USING (domain_id)`,

  `CREATE TEMP TABLE drawn_hosts AS
   WITH counted AS (
     SELECT h.*, count(*) OVER (PARTITION BY domain_id) AS hosts, page_count,
       (SELECT count(*) FROM seed_pages s WHERE s.host = h.host) AS seed_count
     FROM addressed_hosts h JOIN sized_domains USING (domain_id)
   ), filled AS (
     SELECT * EXCLUDE (hosts, page_count), 1 + seed_count +
       CASE WHEN hosts = 1 THEN page_count WHEN is_root THEN page_count * 6 // 10
         ELSE page_count * 4 // (10 * (hosts - 1)) END AS page_count
     FROM counted
   )
   SELECT *, (sum(page_count) OVER (ORDER BY host_id) - page_count)::INTEGER AS first_page
   FROM filled ORDER BY host_id`,

  `CREATE TEMP TABLE domain_frames AS
   WITH framed AS (
     SELECT domain_id, min(host_id) AS first_host, count(*) AS host_count, min(first_page) AS first_page,
       max(first_page + page_count) AS end_page
     FROM drawn_hosts GROUP BY domain_id
   )
   SELECT *, coalesce(lead(first_link) OVER (ORDER BY domain_id), getvariable('links')) AS end_link
   FROM drawn_domains JOIN framed USING (domain_id) JOIN (SELECT domain_id, first_link FROM sized_domains) USING (domain_id)
   ORDER BY domain_id`,

  // Pages that are promised a link: homes of seeded hosts and seeded pages, numbered within their domain.
  `CREATE TEMP TABLE promised_pages AS
   WITH wanted AS (
     SELECT domain_id, host_id, first_page AS page_id FROM drawn_hosts
     WHERE host IN (SELECT host FROM seed_hosts UNION ALL SELECT domain FROM seed_domains)
     UNION ALL
     SELECT domain_id, host_id, (first_page + ordinal)::INTEGER FROM drawn_hosts JOIN seed_pages USING (host)
   )
   SELECT *, row_number() OVER (PARTITION BY domain_id ORDER BY page_id) - 1 AS place FROM wanted`,
];
