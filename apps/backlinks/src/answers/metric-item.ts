import { metricFields } from '../graph/metric-json.js';

/** `list_limit` cuts these five maps. By the upstream's documentation it does not cut the map of countries. */
const UNLIMITED_MAP = 'referring_links_countries';

/**
 * SQL fields of the metrics of a row for a JSON object, without the counts that are missing. The query binds `list_limit`,
 * the number of largest entries that each map keeps.
 */
export function limitedMetrics(missing: readonly string[], row = 'page'): string {
  return metricFields(row, (name) => limitedMap(`${row}.${name}`, name), missing);
}

export const LIMITED_METRICS = limitedMetrics([]);

function limitedMap(column: string, name: string): string {
  const whole = `${column}::JSON`;
  if (name === UNLIMITED_MAP) return whole;
  const cut = `to_json(map_from_entries(map_entries(${whole}::MAP(VARCHAR, BIGINT))[:$list_limit]))`;
  return `CASE WHEN len(json_keys(${whole})) <= $list_limit THEN ${whole} ELSE ${cut} END`;
}

/** SQL that converts a rank of 0 to 1000 (null: none) to the requested scale; the query binds `one_hundred`. */
export function scaledRank(rank: string): string {
  return `CASE WHEN $one_hundred THEN round(100 * sin(coalesce(${rank}, 0) / 636.62)) ELSE coalesce(${rank}, 0) END::INTEGER`;
}
