import { z } from 'zod';
import { fieldsOf, jsonTexts, objectText, tierMetrics } from '../graph/metric-json.js';
import { COUNT_METRICS, MAP_METRICS, TIME_METRICS } from '../graph/metrics.js';
import type { Graph } from '../graph/open.js';
import { scaledRank } from './metric-item.js';
import type { ListOptions } from './options.js';
import { isUsual } from './scope.js';
import { keyHash, type ListCall, type Target } from './target.js';

/** A rank from the domain tier: what no web graph ranks has none, and not the lowest one. */
export function tierRank(rank: string): string {
  return `CASE WHEN ${rank} IS NOT NULL THEN ${scaledRank(rank)} END`;
}

/** The field by which an answer says how many of its items only the domain tier knows. */
export const TIER_ITEMS = 'domain_tier_items';

/** A domain that only the domain tier knows. */
interface TierDomain {
  readonly id: bigint;
  /** How many domains link to it; null where nobody read its edges. */
  readonly referring: number | null;
}

const found = z.object({ id: z.number(), referring: z.number().nullable() });

/** Null if the page tier knows the target's domain, or neither tier does. */
export async function tierDomainOf(graph: Graph, { domain }: Target): Promise<TierDomain | null> {
  if (graph.origin.domain_tier === null) return null;
  const row = await graph.row(
    `SELECT domain_id AS id, referring_main_domains AS referring FROM tier_domains
       WHERE key_hash = $hash AND domain = $domain AND is_alone`,
    { hash: keyHash(domain), domain },
    found,
  );
  return row && { ...row, id: BigInt(row.id) };
}

/**
 * The same for questions that edges answer: of a registrable domain with all below it, and of all its links as they are. Edges
 * have no pages, hosts and dates to choose by.
 */
export async function answeringDomainOf(
  graph: Graph,
  { target, options }: ListCall,
  linkFilter: string,
): Promise<TierDomain | null> {
  const isAnswered = target.key === target.domain && isAnsweredByEdges(options, linkFilter);
  return isAnswered ? tierDomainOf(graph, target) : null;
}

function isAnsweredByEdges(options: ListOptions, linkFilter: string): boolean {
  return options.includeSubdomains && isUsual(options, linkFilter);
}

/** The JSON texts of what an item of referring domains has before its metrics. */
export const REFERRING_DOMAIN = jsonTexts({
  type: "'backlinks_referring_domain'",
  domain: 'page.domain',
  rank: 'page.rank',
});

/** Selects the domains that link to one, with the columns of what pages would tell. */
export const TIER_REFERRING = `SELECT source.domain AS domain, ${tierRank('source.rank')} AS rank, ${[
  ...COUNT_METRICS.map((name) => `${name === 'referring_main_domains' ? '1' : 'NULL'}::BIGINT AS ${name}`),
  ...TIME_METRICS.map((name) => `NULL::TIMESTAMP AS ${name}`),
  ...MAP_METRICS.map((name) => `NULL::VARCHAR AS ${name}`),
].join(', ')}
  FROM tier_edges JOIN tier_domains source ON source.domain_id = tier_edges.source WHERE target = $tier_id::INTEGER`;

export const TIER_REFERRING_ITEM = objectText([
  ...REFERRING_DOMAIN,
  ...jsonTexts(tierMetrics('page.referring_main_domains')),
]);

/** The whole of what is known of a domain. */
export const TIER_SUMMARY = `SELECT to_json({'target': $given, 'rank': ${tierRank('rank')}, ${fieldsOf(tierMetrics('referring_main_domains'))},
    'crawled_pages': NULL, 'info': {'server': NULL, 'cms': NULL, 'platform_type': NULL, 'ip_address': NULL, 'country': NULL,
      'is_ip': false, 'target_spam_score': NULL}, 'internal_links_count': NULL, 'external_links_count': NULL,
    '${TIER_ITEMS}': 1})::VARCHAR AS item
  FROM tier_domains WHERE domain_id = $tier_id::INTEGER`;
