import { COUNT_METRICS, MAP_METRICS } from './metrics.js';

/**
 * SQL of the metrics of `row`, but for the rank, as fields of a JSON object in the order of the upstream's answers.
 * `mapSql` gives the JSON of a map's column.
 */
export function metricFields(row: string, mapSql: (name: string) => string): string {
  const [backlinks, ...counts] = COUNT_METRICS.map((name) => `'${name}': coalesce(${row}.${name}, 0)::BIGINT`);
  return [
    backlinks,
    `'first_seen': ${timeText(`${row}.first_seen`)}`,
    `'lost_date': ${timeText(`${row}.lost_date`)}`,
    ...counts,
    ...MAP_METRICS.map((name) => `'${name}': ${mapSql(name)}`),
  ].join(', ');
}

/** The upstream's form of a time, null for none. */
export function timeText(time: string): string {
  return `strftime(${time}, '%Y-%m-%d %H:%M:%S +00:00')`;
}
