import { COUNT_METRICS, MAP_METRICS, metricOf, metricsQuery, TIME_METRICS } from '../graph/metrics.js';
import type { ListOptions } from './options.js';
import { countedLinks, isUsual, type Scope } from './scope.js';

/**
 * SQL for the metrics of each page in the scope, by `subject`. Uses the precomputed metrics if they fit the options, otherwise
 * counts the links. May leave out pages without counted links.
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

/** The metric columns of `row`; counts are zero if there was no link. */
export function metricColumns(row: string): string {
  return [
    ...COUNT_METRICS.map((name) => `${metricOf(row, name)} AS ${name}`),
    ...[...TIME_METRICS, ...MAP_METRICS].map((name) => `${row}.${name}`),
  ].join(', ');
}
