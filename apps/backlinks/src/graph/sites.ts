/**
 * The drawn sites, in temporary tables: ranks are computed later, from the links of these sites. Seeded domains come
 * first, in their order: the lower a domain's id, the more links reach it.
 */
export const SITE_STEPS = [
  `CREATE TEMP TABLE named_domains AS
   WITH counted AS (
     SELECT i, i // names AS lap, (i % names * 7919) % names AS k
     FROM range(getvariable('domains')) r(i),
       (SELECT len(getvariable('adjectives')) * len(getvariable('nouns')) AS names)
   ), named AS (
     SELECT position, domain FROM seed_domains
     UNION ALL
     SELECT 1000000000 + i, getvariable('adjectives')[1 + k % len(getvariable('adjectives'))] ||
       CASE WHEN chance('dash', i, 25) THEN '-' ELSE '' END ||
       getvariable('nouns')[1 + k // len(getvariable('adjectives'))] ||
       CASE WHEN lap = 0 THEN '' WHEN lap <= len(getvariable('endings')) THEN getvariable('endings')[lap]
         ELSE lap::VARCHAR END || '.' || pick(getvariable('suffixes'), 'suffix', i)
     FROM counted
   ), ordered AS (
     SELECT domain, (row_number() OVER (ORDER BY min(position), domain) - 1)::INTEGER AS domain_id
     FROM named GROUP BY domain
   )
   SELECT domain_id, domain, split_part(domain, '.', -1) AS tld,
     CASE WHEN list_contains(getvariable('shared_suffixes'), domain[instr(domain, '.') + 1:])
       THEN domain[instr(domain, '.') + 1:] END AS shared_suffix
   FROM ordered WHERE domain_id < getvariable('domains') ORDER BY domain_id`,

  // A site's habits hold for all its pages: `nofollow` is its percentage of nofollow links, `rel` its other values.
  `CREATE TEMP TABLE drawn_domains AS
   WITH located AS (
     SELECT d.*, CASE WHEN home.meaning IS NOT NULL AND chance('stays', domain_id, 86) THEN home.meaning
         ELSE pick(getvariable('countries'), 'country', domain_id) END AS country,
       CASE shared_suffix WHEN 'blogspot.com' THEN 2 WHEN 'myshopify.com' THEN 4
         ELSE pick(getvariable('platform_draw'), 'platform', domain_id) END::TINYINT AS platform_set
     FROM named_domains d LEFT JOIN tld_countries home ON home.word = tld
   )
   SELECT d.*, coalesce(lent.meaning, pick(getvariable('servers'), 'server', domain_id)) AS server,
     CASE WHEN chance('english', domain_id, 12) THEN 'en' ELSE coalesce(spoken.meaning, 'en') END AS language,
     floor(100 * pow(unit('spam', domain_id), CASE WHEN shared_suffix IS NULL THEN 12 ELSE 6 END))::TINYINT AS spam_score,
     CASE shared_suffix WHEN 'blogspot.com' THEN 'Blogger' WHEN 'myshopify.com' THEN 'Shopify'
       ELSE pick(systems, 'system', domain_id) END AS system, is_blog,
     CASE WHEN chance('strict', domain_id, 4) THEN 90
       ELSE habits.nofollow + draw('nofollow', domain_id) % 8 END AS nofollow,
     CASE WHEN chance('rel', domain_id, 62) THEN 0 ELSE 1 + draw('noreferrer', domain_id) % 2 END AS rel
   FROM located d JOIN platform_habits habits ON set_id = platform_set
     LEFT JOIN suffix_servers lent ON lent.word = shared_suffix
     LEFT JOIN country_languages spoken ON spoken.word = country
   ORDER BY domain_id`,

  // Most domains have no subdomains, a few have very many. Some subdomains are below another subdomain.
  `CREATE TEMP TABLE named_hosts AS
   WITH counted AS (
     SELECT domain_id, domain, CASE WHEN shared_suffix IS NULL THEN
       least(400, floor(0.33 / pow(1 - unit('subdomains', domain_id), 0.8)))::BIGINT ELSE 0 END AS subdomains
     FROM drawn_domains
   ), spelt AS (
     SELECT domain_id, domain, subdomains, k, CASE WHEN k < len(getvariable('subdomains'))
       THEN getvariable('subdomains')[1 + (draw('subdomain', domain_id) % 4 + k) % len(getvariable('subdomains'))]
       ELSE 'u' || k END AS label, getvariable('subdomains')[1 + draw('subdomain', domain_id) % 4] AS first_label
     FROM counted, range(subdomains) r(k)
   ), named AS (
     SELECT domain_id, domain AS host, -1 AS place FROM drawn_domains
     UNION ALL
     SELECT domain_id, host, 0 FROM seed_hosts JOIN drawn_domains USING (domain)
     UNION ALL
     SELECT domain_id, label || CASE WHEN k > 0 AND chance('below', domain_id * 1000 + k, 8) THEN '.' || first_label
       ELSE '' END || '.' || domain, 1 + k
     FROM spelt
   )
   SELECT (row_number() OVER (ORDER BY domain_id, min(place), host) - 1)::INTEGER AS host_id, host, domain_id,
     min(place) = -1 AS is_root
   FROM named GROUP BY domain_id, host`,

  // A few machines serve very many sites: shared suffixes, content delivery networks, cheap hosting.
  `CREATE TEMP TABLE addressed_hosts AS
   WITH networks AS (
     SELECT 16 + getvariable('domains') // 400 AS first_hosting, getvariable('domains') // 3 + 1 AS hosting
   ), homes AS (
     SELECT host_id, host, h.domain_id, is_root, shared_suffix, server,
       CASE WHEN is_root OR chance('stays home', host_id, 70) THEN h.domain_id ELSE 1000000000 + host_id END AS machine
     FROM named_hosts h JOIN drawn_domains USING (domain_id)
   ), placed AS (
     SELECT host_id, host, domain_id, is_root, machine, shared_suffix, CASE
       WHEN shared_suffix IS NOT NULL THEN hash(shared_suffix) % 16
       WHEN server = 'cloudflare' THEN 16 + draw('network', machine) % (first_hosting - 15)
       ELSE 1 + first_hosting + taker(unit('network', machine), hosting, 40.0) END::INTEGER AS subnet
     FROM homes, networks
   ), numbered AS (
     SELECT *, (subnet * 256 + 1 + draw('address', machine) % CASE WHEN shared_suffix IS NULL THEN 250 ELSE 4 END
       )::INTEGER AS address, (subnet::BIGINT * 2654435769) % 4194304 AS spot
     FROM placed
   )
   SELECT host_id, host, domain_id, is_root, subnet, address,
     (23 + spot // 65536) || '.' || (spot // 256 % 256) || '.' || (spot % 256) || '.' || (address % 256) AS ip
   FROM numbered`,

  `CREATE TABLE host_tree AS
   SELECT above.host_id AS ancestor_id, below.host_id
   FROM named_hosts above JOIN named_hosts below USING (domain_id)
   WHERE below.host_id = above.host_id OR ends_with(below.host, '.' || above.host)
   ORDER BY ancestor_id, below.host_id`,
];

/** The final tables, made when the links and ranks exist. */
export const FINISHED_SITES = [
  `CREATE TABLE domains AS
   SELECT domain_id, domain, tld, country, platform_set, spam_score, server, language, rank
   FROM domain_frames JOIN domain_ranks ON id = domain_id ORDER BY domain_id`,
  `CREATE TABLE hosts AS
   SELECT host_id, host, domain_id, is_root, subnet, address, ip,
     CASE WHEN is_root THEN d.rank ELSE h.rank END AS rank
   FROM drawn_hosts JOIN host_ranks h ON h.id = host_id JOIN domain_ranks d ON d.id = domain_id ORDER BY host_id`,
  `CREATE TEMP TABLE outlinks AS
   SELECT source_page AS page_id, count(*) FILTER (source_domain = target_domain)::INTEGER AS internal,
     count(*) FILTER (source_domain <> target_domain)::INTEGER AS external
   FROM links WHERE lost_date IS NULL AND via_page IS NULL GROUP BY source_page ORDER BY page_id`,
];
