import { COUNT_METRICS, MAP_METRICS, metricOf } from './metrics.js';

/**
 * SQL for the metrics of `row` except the rank, as fields of a JSON object in the order of the upstream's answers.
 * `mapSql` returns the SQL for a map column. Counts that are `missing` are left out.
 */
export function metricFields(row: string, mapSql: (name: string) => string, missing: readonly string[] = []): string {
  const shown = COUNT_METRICS.filter((name) => !missing.includes(name));
  const [backlinks, ...counts] = shown.map((name) => `'${name}': (${metricOf(row, name)})::BIGINT`);
  return [
    backlinks,
    `'first_seen': ${timeText(`${row}.first_seen`)}`,
    `'lost_date': ${timeText(`${row}.lost_date`)}`,
    ...counts,
    ...MAP_METRICS.map((name) => `'${name}': ${mapSql(name)}`),
  ].join(', ');
}

/** A time in the upstream's format; null if there is none. */
export function timeText(time: string): string {
  return `strftime(${time}, '%Y-%m-%d %H:%M:%S +00:00')`;
}
