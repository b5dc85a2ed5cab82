/** The final tables of domains and hosts, made when the ranks exist. What a site is besides its links no part says. */
export const BUILT_SITES = [
  // A web graph knows more of the web than the imported links do. One scale for all domains, whichever tier knows them.
  `CREATE OR REPLACE TEMP TABLE domain_ranks AS
   SELECT id, coalesce(web_ranks.rank, domain_ranks.rank) AS rank
   FROM domain_ranks JOIN built_domains ON domain_id = id LEFT JOIN web_ranks USING (domain) ORDER BY id`,
  `CREATE TABLE domains AS
   SELECT domain_id, domain, tld, NULL::VARCHAR AS country, NULL::TINYINT AS platform_set, NULL::TINYINT AS spam_score,
     NULL::VARCHAR AS server, NULL::VARCHAR AS language, rank
   FROM built_domains JOIN domain_ranks ON id = domain_id ORDER BY domain_id`,
  `CREATE TABLE hosts AS
   SELECT host_id, host, domain_id, is_root, NULL::INTEGER AS subnet, NULL::INTEGER AS address, NULL::VARCHAR AS ip,
     CASE WHEN is_root THEN d.rank ELSE h.rank END AS rank
   FROM built_hosts JOIN host_ranks h ON h.id = host_id JOIN domain_ranks d ON d.id = domain_id ORDER BY host_id`,
  `CREATE TABLE host_tree AS
   SELECT above.host_id AS ancestor_id, below.host_id
   FROM (SELECT host_id, key_of(unnest(hosts_above(host, domain))) AS host_key FROM built_hosts JOIN built_domains USING (domain_id)) below
     JOIN built_hosts above USING (host_key)
   ORDER BY ancestor_id, below.host_id`,
];
