/** Domains and hosts. Seeded domains come first, in their order: the lower a domain's id, the more links reach it. */
export const SITE_STEPS = [
  `CREATE TABLE domains AS
   WITH named AS (
     SELECT position, domain FROM seed_domains
     UNION ALL
     SELECT 1000000000 + i,
       getvariable('adjectives')[1 + i % len(getvariable('adjectives'))] || '-' ||
       getvariable('nouns')[1 + (i // len(getvariable('adjectives'))) % len(getvariable('nouns'))] ||
       CASE WHEN lap = 0 THEN '' ELSE lap::VARCHAR END || '.' || pick(getvariable('tlds'), 'tld', i)
     FROM (SELECT i, i // (len(getvariable('adjectives')) * len(getvariable('nouns'))) AS lap
           FROM range(getvariable('domains')) r(i))
   ), ordered AS (
     SELECT domain, (row_number() OVER (ORDER BY min(position)) - 1)::INTEGER AS domain_id FROM named GROUP BY domain
   )
   SELECT domain_id, domain, split_part(domain, '.', -1) AS tld,
     pick(getvariable('countries'), 'country', domain_id) AS country,
     (draw('platform', domain_id) % getvariable('platform_sets'))::TINYINT AS platform_set,
     floor(60 * pow(unit('spam', domain_id), 3))::TINYINT AS spam_score,
     pick(getvariable('servers'), 'server', domain_id) AS server,
     pick(getvariable('languages'), 'language', domain_id) AS language
   FROM ordered WHERE domain_id < getvariable('domains') ORDER BY domain_id`,

  `CREATE TABLE hosts AS
   WITH named AS (
     SELECT domain_id, domain AS host FROM domains
     UNION
     SELECT domain_id, host FROM seed_hosts JOIN domains USING (domain)
     UNION
     SELECT domain_id, getvariable('subdomains')[1 + (draw('subdomain', domain_id) + k) % len(getvariable('subdomains'))]
       || '.' || domain
     FROM domains, range(3) r(k) WHERE k < draw('subdomains', domain_id) % 4
   ), ordered AS (
     SELECT (row_number() OVER (ORDER BY domain_id, host <> domain, host) - 1)::INTEGER AS host_id,
       host, domain_id, host = domain AS is_root
     FROM named JOIN domains USING (domain_id)
   ), addressed AS (
     SELECT *, draw('subnet', CASE WHEN draw('moved', host_id) % 10 < 7 THEN domain_id ELSE host_id + 100000000 END)
       % greatest(getvariable('domains') // 3, 1) AS subnet
     FROM ordered
   )
   SELECT host_id, host, domain_id, is_root, subnet::INTEGER AS subnet,
     (subnet * 256 + 1 + draw('address', domain_id) % 250)::INTEGER AS address,
     (11 + subnet // 65536) || '.' || (subnet // 256 % 256) || '.' || (subnet % 256) || '.' || (address % 256) AS ip
   FROM addressed ORDER BY host_id`,

  `CREATE TABLE host_tree AS
   SELECT above.host_id AS ancestor_id, below.host_id
   FROM hosts above JOIN hosts below USING (domain_id)
   WHERE below.host_id = above.host_id OR ends_with(below.host, '.' || above.host)
   ORDER BY ancestor_id, below.host_id`,
];
