import { COUNT_METRICS, MAP_METRICS, metricOf, TIME_METRICS } from './metrics.js';

/** SQL by the name of a field. */
type Sql = (name: string) => string;
type CountSql = (name: (typeof COUNT_METRICS)[number]) => string;

/**
 * SQL for the metrics of `row` except the rank, as fields of a JSON object in the order of the upstream's answers.
 * `mapSql` returns the SQL for a map column. Counts that are `missing` are left out.
 */
export function metricFields(row: string, mapSql: Sql, missing: readonly string[] = []): string {
  const shown = COUNT_METRICS.filter((name) => !missing.includes(name));
  const countSql: CountSql = (name) => `(${metricOf(row, name)})::BIGINT`;
  return fieldsOf(inOrder(shown, { countSql, timeSql: (time) => timeText(`${row}.${time}`), mapSql }));
}

/** The same of what only the domain tier knows: how many domains link there, and nothing else. */
export function tierMetricFields(referringMainDomains: string): string {
  const countSql: CountSql = (name) => (name === 'referring_main_domains' ? referringMainDomains : 'NULL');
  return fieldsOf(inOrder(COUNT_METRICS, { countSql, timeSql: () => 'NULL', mapSql: () => 'NULL' }));
}

/** SQL for the text of a JSON object of the metrics of `row`, joined of texts: an object would be made to be written at once. */
export function metricsText(row: string): string {
  const orNull = (text: string) => `coalesce((${text})::VARCHAR, 'null')`;
  const fields = inOrder(COUNT_METRICS, {
    countSql: (name) => orNull(metricOf(row, name)),
    timeSql: (time) => orNull(`'"' || ${timeText(`${row}.${time}`)} || '"'`),
    mapSql: (name) => orNull(`${row}.${name}`),
  });
  const pieces = fields.map(([name, sql], place) => `'${place === 0 ? '{' : ','}"${name}":', ${sql}`);
  return `concat(${pieces.join(', ')}, '}')`;
}

interface FieldSql {
  readonly countSql: CountSql;
  readonly timeSql: Sql;
  readonly mapSql: Sql;
}

type NamedSql = readonly (readonly [name: string, sql: string])[];

function inOrder(counts: readonly (typeof COUNT_METRICS)[number][], { countSql, timeSql, mapSql }: FieldSql): NamedSql {
  const [first, ...others] = counts.map((name) => [name, countSql(name)] as const);
  const named = (names: readonly string[], sql: Sql) => names.map((name) => [name, sql(name)] as const);
  return [
    ...(first === undefined ? [] : [first]),
    ...named(TIME_METRICS, timeSql),
    ...others,
    ...named(MAP_METRICS, mapSql),
  ];
}

function fieldsOf(fields: NamedSql): string {
  return fields.map(([name, sql]) => `'${name}': ${sql}`).join(', ');
}

/** A time in the upstream's format; null if there is none. */
export function timeText(time: string): string {
  return `strftime(${time}, '%Y-%m-%d %H:%M:%S +00:00')`;
}
