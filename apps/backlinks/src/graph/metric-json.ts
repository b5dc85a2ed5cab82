import { COUNT_METRICS, MAP_METRICS, metricOf, TIME_METRICS } from './metrics.js';

/**
 * SQL for the metrics of `row` except the rank, as fields of a JSON object in the order of the upstream's answers.
 * `mapSql` returns the SQL for a map column. Counts that are `missing` are left out.
 */
export function metricFields(row: string, mapSql: (name: string) => string, missing: readonly string[] = []): string {
  const shown = COUNT_METRICS.filter((name) => !missing.includes(name));
  return inOrder(
    shown.map((name) => `'${name}': (${metricOf(row, name)})::BIGINT`),
    (time) => timeText(`${row}.${time}`),
    mapSql,
  );
}

/** The same of what only the domain tier knows: how many domains link there, and nothing else. */
export function tierMetricFields(referringMainDomains: string): string {
  return inOrder(
    COUNT_METRICS.map((name) => `'${name}': ${name === 'referring_main_domains' ? referringMainDomains : 'NULL'}`),
    () => 'NULL',
    () => 'NULL',
  );
}

function inOrder(
  [backlinks, ...counts]: readonly string[],
  timeSql: (name: string) => string,
  mapSql: (name: string) => string,
): string {
  return [
    backlinks,
    ...TIME_METRICS.map((name) => `'${name}': ${timeSql(name)}`),
    ...counts,
    ...MAP_METRICS.map((name) => `'${name}': ${mapSql(name)}`),
  ].join(', ');
}

/** A time in the upstream's format; null if there is none. */
export function timeText(time: string): string {
  return `strftime(${time}, '%Y-%m-%d %H:%M:%S +00:00')`;
}
