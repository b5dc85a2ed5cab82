/**
 * Links, kept in the order of the pages they reach. How many reach a domain falls with its id by a power law;
 * three in a row come from one domain, as site-wide links do. A link to a page that redirects to another, or names
 * it as canonical, is written once more for that other page, with `via_page` set: an indirect link.
 */
export const LINK_STEPS = [
  `CREATE TEMP TABLE domain_pages AS
   SELECT domain_id, min(page_id) AS first_page, count(*) AS page_count FROM pages GROUP BY domain_id`,

  // The pages of a domain by how many links they draw: its home, seeded pages, the homes of its hosts, all others.
  `CREATE TEMP TABLE favoured_pages AS
   SELECT p.domain_id, p.page_id,
     row_number() OVER (PARTITION BY p.domain_id
       ORDER BY p.page_id <> d.first_page, NOT is_seed, p.page_id <> h.first_page, p.page_id) - 1 AS place
   FROM pages p JOIN placed_pages USING (page_id) JOIN domain_pages d USING (domain_id)
     JOIN host_pages h ON h.host_id = p.host_id`,

  `CREATE TEMP TABLE drawn_links AS
   WITH ends AS (
     SELECT j, least(getvariable('domains') - 1,
         floor(getvariable('domains') * pow((j + 0.5) / getvariable('links'), 2.2)))::INTEGER AS target_domain,
       CASE WHEN draw('internal', j) % 100 < 3 THEN target_domain
         ELSE floor(getvariable('domains') * pow(unit('from', j // 3), 1.3)) END::INTEGER AS source_domain
     FROM range(getvariable('links')) r(j)
   )
   SELECT j AS link_id, favoured.page_id AS target_page, target_domain,
     (s.first_page + floor(s.page_count * unit('from page', j)))::INTEGER AS source_page, source_domain,
     pick(getvariable('link_types'), 'type', j) AS type,
     getvariable('attribute_draw')[1 + draw('attributes', j) % len(getvariable('attribute_draw'))] AS attribute_set,
     pick(getvariable('semantic_locations'), 'semantic', j) AS semantic_location,
     TIMESTAMP '2019-01-01' + to_seconds(draw('seen', j) % 210000000) AS first_seen,
     CASE WHEN draw('lost', j) % 100 < 12 THEN
       TIMESTAMP '2025-10-01' + to_seconds(draw('lost at', j) % 28000000) END AS lost_date
   FROM ends
     JOIN domain_pages t ON t.domain_id = target_domain
     JOIN domain_pages s ON s.domain_id = source_domain
     JOIN favoured_pages favoured ON favoured.domain_id = target_domain
       AND favoured.place = floor(t.page_count * pow(unit('to page', j), 2.5))::BIGINT`,

  `CREATE TABLE links AS
   WITH reached AS (
     SELECT *, NULL::INTEGER AS via_page FROM drawn_links
     UNION ALL
     SELECT l.* REPLACE (p.leads_to AS target_page), l.target_page
     FROM drawn_links l JOIN pages p ON p.page_id = l.target_page WHERE p.leads_to IS NOT NULL
   )
   SELECT l.link_id, l.target_page, tp.host_id AS target_host, l.target_domain, l.via_page,
     l.source_page, sp.host_id AS source_host, l.source_domain, sh.address AS source_ip, sh.subnet AS source_subnet,
     sd.tld, sd.platform_set, sp.country, sp.spam_score, l.type, l.semantic_location, l.attribute_set,
     a.nofollow, tp.status_code >= 400 AS broken, l.first_seen, l.lost_date
   FROM reached l
     JOIN pages tp ON tp.page_id = l.target_page
     JOIN pages sp ON sp.page_id = l.source_page
     JOIN hosts sh ON sh.host_id = sp.host_id
     JOIN domains sd ON sd.domain_id = l.source_domain
     JOIN attribute_sets a ON a.set_id = l.attribute_set
   ORDER BY l.target_page, l.link_id, l.via_page`,
];
