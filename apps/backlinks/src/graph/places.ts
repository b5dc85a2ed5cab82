/**
 * The number of pages of each host and of links to each domain. Every later step computes its ids from these. Page ids
 * run by host: the home page, seeded pages, all others. Popular domains and domains that link a lot have the most
 * pages.
 */
export const PLACE_STEPS = [
  // The share of all links that goes to lower-numbered domains: Zipf's law, flattened for the first few.
  `CREATE TEMP MACRO share_before(domain) AS ln(1 + domain / 10.0) / ln(1 + getvariable('domains') / 10.0)`,
  // Which domains link most is independent of which domains are linked to most.
  `CREATE TEMP MACRO source_at(place) AS ((place::BIGINT + 1) * 7368787 % getvariable('domains'))::INTEGER`,

  `CREATE TEMP TABLE sized_domains AS
   WITH shares AS (
     SELECT source_at(i) AS domain_id, ln((i + 31) / (i + 30)) / ln(1 + getvariable('domains') / 30.0) AS sent
     FROM range(getvariable('domains')) r(i)
   )
   SELECT domain_id, 2 + draw('pages', domain_id) % 3 + floor(4 * getvariable('domains') * sent)::BIGINT +
     floor(4 * getvariable('domains') * (share_before(domain_id + 1) - share_before(domain_id)))::BIGINT AS page_count
   FROM shares`,

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

  // Pages that get at least one link: home pages of seeded hosts, and seeded pages. Numbered within their domain.
  `CREATE TEMP TABLE promised_pages AS
   WITH wanted AS (
     SELECT domain_id, host_id, first_page AS page_id FROM drawn_hosts
     WHERE host IN (SELECT host FROM seed_hosts UNION ALL SELECT domain FROM seed_domains)
     UNION ALL
     SELECT domain_id, host_id, (first_page + ordinal)::INTEGER FROM drawn_hosts JOIN seed_pages USING (host)
   )
   SELECT *, row_number() OVER (PARTITION BY domain_id ORDER BY page_id) - 1 AS place FROM wanted`,

  `CREATE TEMP TABLE domain_frames AS
   WITH framed AS (
     SELECT domain_id, min(host_id) AS first_host, count(*) AS host_count, min(first_page) AS first_page,
       max(first_page + page_count) AS end_page
     FROM drawn_hosts GROUP BY domain_id
   ), promises AS (
     SELECT domain_id, coalesce(sum(promised) OVER before, 0)::BIGINT AS promised_before
     FROM framed
       LEFT JOIN (SELECT domain_id, count(*) AS promised FROM promised_pages GROUP BY domain_id) USING (domain_id)
     WINDOW before AS (ORDER BY domain_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
   ), dealt AS (
     SELECT domain_id, least(getvariable('links'), promised_before + floor(share_before(domain_id) *
       greatest(0, getvariable('links') - (SELECT count(*) FROM promised_pages)))::BIGINT) AS first_link
     FROM promises
   )
   SELECT *, coalesce(lead(first_link) OVER (ORDER BY domain_id), getvariable('links')) AS end_link
   FROM drawn_domains JOIN framed USING (domain_id) JOIN dealt USING (domain_id)
   ORDER BY domain_id`,

  ...['named_domains', 'drawn_domains', 'named_hosts', 'addressed_hosts', 'sized_domains'].map(
    (t) => `DROP TABLE ${t}`,
  ),
];
