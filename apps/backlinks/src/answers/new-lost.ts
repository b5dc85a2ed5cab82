import { jsonTexts, objectText } from '../graph/metric-json.js';
import type { BulkQuery, Keys } from './bulk.js';

/**
 * A query over the links of other domains to each target, a host with its subdomains. `found` selects from `reaching`, which
 * has a row for each target of a link.
 */
export function newLostQuery(found: string, fields: readonly string[]): BulkQuery {
  return {
    found: (keys) => `WITH reaching AS (${linksTo(keys)}) ${found}`,
    item: itemOf(fields, (name) => `coalesce(${name}, 0)`),
    tierItem: itemOf(fields, () => 'NULL'),
    joins: '',
    withDomains: false,
    isSlow: true,
  };
}

function itemOf(fields: readonly string[], valueSql: (name: string) => string): string {
  return objectText(jsonTexts([['target', 'echo'], ...fields.map((name) => [name, valueSql(name)] as const)]));
}

/**
 * SQL for how many rows are new, or lost, since `date_from`. The graph has no crawls to compare, so a link that was first
 * seen and missed since then is both.
 */
export const NEW = 'count(*) FILTER (WHERE first_seen >= $date_from::DATE)::INTEGER';
export const LOST = 'count(*) FILTER (WHERE lost_date >= $date_from::DATE)::INTEGER';

/**
 * An indirect link stays within its host, so next to the direct link it counts for pages only. Conditions say again what the joins say,
 * because ClickHouse skips links by conditions only.
 */
function linksTo({ pages, hosts }: Keys): string {
  const columns = 'key, source_host, source_domain, links.first_seen AS first_seen, links.lost_date AS lost_date';
  return `SELECT ${columns} FROM page_summaries JOIN links ON target_page = subject
      WHERE key_hash IN ${pages} AND source_domain <> target_domain
        AND target_page IN (SELECT subject FROM page_summaries WHERE key_hash IN ${pages})
    UNION ALL
    SELECT ${columns} FROM host_summaries JOIN host_tree ON ancestor_id = subject JOIN links ON target_host = host_id
      WHERE key_hash IN ${hosts} AND source_domain <> target_domain AND via_page IS NULL
        AND target_host IN (SELECT host_id FROM host_tree WHERE ancestor_id IN (SELECT subject FROM host_summaries WHERE key_hash IN ${hosts}))`;
}
