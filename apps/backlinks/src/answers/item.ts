import { COUNT_METRICS, MAP_METRICS, TIME_METRICS } from '../graph/metrics.js';

/** The texts name five of the six maps; countries are never cut. */
const UNLIMITED_MAP = 'referring_links_countries';

/**
 * SQL fields of all backlink metrics for a JSON object, from columns of `row`. The query binds `one_hundred` (the
 * scale of ranks) and, for limited maps, `list_limit` (how many entries of a map are kept, the largest ones).
 */
export function metricFields(row: string, maps: 'whole' | 'limited'): string {
  return [
    `'rank': ${scaledRank(`${row}.rank`)}`,
    ...COUNT_METRICS.map((name) => `'${name}': coalesce(${row}.${name}, 0)::BIGINT`),
    ...TIME_METRICS.map((name) => `'${name}': ${timeText(`${row}.${name}`)}`),
    ...MAP_METRICS.map(
      (name) => `'${name}': ${mapObject(`${row}.${name}`, maps === 'limited' && name !== UNLIMITED_MAP)}`,
    ),
  ].join(', ');
}

/** A stored rank (0 to 1000, null for none) on the scale that was asked for. */
export function scaledRank(rank: string): string {
  return `CASE WHEN $one_hundred THEN round(100 * sin(coalesce(${rank}, 0) / 636.62)) ELSE coalesce(${rank}, 0) END::INTEGER`;
}

/** The upstream's form of a time, null for none. */
export function timeText(time: string): string {
  return `strftime(${time}, '%Y-%m-%d %H:%M:%S +00:00')`;
}

/** A map as a JSON object; it stands in the order of its counts. */
function mapObject(map: string, limited: boolean): string {
  return `to_json(${limited ? `map_from_entries(map_entries(${map})[:$list_limit])` : map})`;
}
