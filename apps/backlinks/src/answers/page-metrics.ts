import { COUNT_METRICS, MAP_METRICS, metricsQuery, TIME_METRICS } from '../graph/metrics.js';
import type { ListOptions } from './options.js';
import { countedLinks, isUsual, type Scope } from './scope.js';

/**
 * SQL of the metrics of each page of a scope that has counted links, by `subject`: the kept ones where they fit the
 * options, else counted now. Pages without counted links may be there or not.
 */
export function pageMetrics(scope: Scope, options: ListOptions, linkFilter: string): string {
  if (isUsual(options, linkFilter)) {
    return `SELECT kept.* FROM page_summaries kept JOIN pages ON pages.page_id = kept.subject WHERE ${scope.onPages}`;
  }
  return metricsQuery(
    `SELECT links.*, links.target_page AS subject FROM links
     WHERE ${scope.onLinks} AND ${countedLinks(options)} AND ${linkFilter}`,
  );
}

/** Columns of `row` that carry metrics; counts are zero where there was no link. */
export function metricColumns(row: string): string {
  return [
    ...COUNT_METRICS.map((name) => `coalesce(${row}.${name}, 0) AS ${name}`),
    ...[...TIME_METRICS, ...MAP_METRICS].map((name) => `${row}.${name}`),
  ].join(', ');
}
