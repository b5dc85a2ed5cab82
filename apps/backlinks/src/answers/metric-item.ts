import { metricFields, metricTexts } from '../graph/metric-json.js';

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

/** The same as texts. */
export const LIMITED_METRIC_TEXTS = metricTexts('page', (name) =>
  name === UNLIMITED_MAP ? `page.${name}` : largest(`page.${name}`),
);

function limitedMap(column: string, name: string): string {
  return name === UNLIMITED_MAP ? `${column}::JSON` : largest(column);
}

function largest(column: string): string {
  return `largest_entries(${column}, $list_limit)`;
}

/** SQL that converts a rank of 0 to 1000 (null: none) to the requested scale; the query binds `one_hundred`. */
export function scaledRank(rank: string): string {
  return `CASE WHEN $one_hundred THEN floor(100 * sin(coalesce(${rank}, 0) / 636.62) + 0.5) ELSE coalesce(${rank}, 0) END::INTEGER`;
}
