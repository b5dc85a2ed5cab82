import type { Field, FieldTable } from '../filters/fields.js';
import { COUNT_METRICS, MAP_METRICS, TIME_METRICS } from '../graph/metrics.js';

/** The metrics that filters can name, with a prefix such as `page_summary.`. Their columns have no prefix. */
export function metricFieldsOf(prefix: string): [name: string, field: Field][] {
  return [
    ...['rank', ...COUNT_METRICS].map((name): [string, Field] => [`${prefix}${name}`, { type: 'num', sql: name }]),
    ...TIME_METRICS.map((name): [string, Field] => [`${prefix}${name}`, { type: 'time', sql: name }]),
  ];
}

export function metricMapsOf(prefix: string): [name: string, field: Field][] {
  return MAP_METRICS.map((name) => [`${prefix}${name}`, { type: 'num', sql: name }]);
}

/** The fields of an item with a name and metrics, except for metrics that are `missing`. */
export function summaryFields(name: string, missing: readonly string[] = []): FieldTable {
  const metrics = metricFieldsOf('').filter(([metric]) => !missing.includes(metric));
  return {
    fields: new Map([[name, { type: 'str', sql: name }], ...metrics]),
    maps: new Map(metricMapsOf('')),
    alias: singularType,
  };
}

/** An example of the upstream's documentation filters by `referring_links_types.anchors`, although answers have `anchor`. */
export function singularType(name: string): string {
  return name.replace(/(^|\.)referring_links_types\.anchors$/, '$1referring_links_types.anchor');
}
