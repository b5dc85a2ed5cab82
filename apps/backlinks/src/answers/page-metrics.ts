import { COUNT_METRICS, MAP_METRICS, metricsQuery, TIME_METRICS } from '../graph/metrics.js';
import type { ListOptions } from './options.js';
import { countedLinks, isUsual, type Scope } from './scope.js';

/** SQL of the metrics of each page of a scope that has counted links: the kept ones where they fit, else counted now. */
export function pageMetrics(scope: Scope, options: ListOptions): string {
  if (isUsual(options)) {
    return `SELECT page_summaries.* FROM page_summaries JOIN pages ON page_id = subject WHERE ${scope.onPages}`;
  }
  return metricsQuery(
    `SELECT *, target_page AS subject FROM links WHERE ${scope.onLinks} AND ${countedLinks(options)}`,
  );
}

/** Columns of `row` that carry metrics; counts are zero where there was no link. */
export function metricColumns(row: string): string {
  return [
    ...COUNT_METRICS.map((name) => `coalesce(${row}.${name}, 0) AS ${name}`),
    ...[...TIME_METRICS, ...MAP_METRICS].map((name) => `${row}.${name}`),
  ].join(', ');
}

/** Field names of `order_by` for the metrics, under a prefix such as `page_summary.`. Maps cannot be sorted by. */
export function sortableMetrics(prefix: string): [field: string, column: string][] {
  return ['rank', ...COUNT_METRICS, ...TIME_METRICS].map((name) => [`${prefix}${name}`, name]);
}
