import { COUNT_METRICS, MAP_METRICS, metricOf, TIME_METRICS } from './metrics.js';

/** SQL by the name of a field. */
type Sql = (name: string) => string;
type CountSql = (name: (typeof COUNT_METRICS)[number]) => string;

/** The fields of a JSON object, in order, each with the SQL of its value. */
export type NamedSql = readonly (readonly [name: string, sql: string])[];

/**
 * SQL for the metrics of `row` except the rank, as fields of a JSON object in the order of the upstream's answers.
 * `mapSql` returns the SQL for a map column. Counts that are `missing` are left out.
 */
export function metricFields(row: string, mapSql: Sql, missing: readonly string[] = []): string {
  const shown = COUNT_METRICS.filter((name) => !missing.includes(name));
  const countSql: CountSql = (name) => `(${metricOf(row, name)})::BIGINT`;
  return fieldsOf(inOrder(shown, { countSql, timeSql: (time) => timeText(`${row}.${time}`), mapSql }));
}

/** The metrics of what only the domain tier knows: how many domains link there, and nothing else. */
export function tierMetrics(referringMainDomains: string): NamedSql {
  const countSql: CountSql = (name) => (name === 'referring_main_domains' ? referringMainDomains : 'NULL');
  return inOrder(COUNT_METRICS, { countSql, timeSql: () => 'NULL', mapSql: () => 'NULL' });
}

/** The metrics of `row` as SQL for JSON texts. `mapSql` returns the SQL for the text of a map column. */
export function metricTexts(row: string, mapSql: Sql = (name) => `${row}.${name}`): NamedSql {
  return inOrder(COUNT_METRICS, {
    countSql: (name) => orNull(metricOf(row, name)),
    timeSql: (time) => orNull(`'"' || ${timeText(`${row}.${time}`)} || '"'`),
    mapSql: (name) => orNull(mapSql(name)),
  });
}

function orNull(text: string): string {
  return `coalesce((${text})::VARCHAR, 'null')`;
}

/** The JSON texts of values. */
export function jsonTexts(values: Readonly<Record<string, string>> | NamedSql): NamedSql {
  const named: NamedSql = Array.isArray(values) ? values : Object.entries(values);
  return named.map(([name, sql]) => [name, `json_text(${sql})`]);
}

/** SQL for the text of a JSON object of JSON texts. It is joined of texts: an object would be made to be written at once. */
export function objectText(texts: NamedSql): string {
  return `concat(${piecesOf(texts)}, '}')`;
}

/** The same, with all fields of another object's text behind its own. */
export function objectTextWith(texts: NamedSql, other: string): string {
  return `concat(${piecesOf(texts)}, ',', substr(${other}, 2))`;
}

function piecesOf(texts: NamedSql): string {
  return texts.map(([name, sql], place) => `'${place === 0 ? '{' : ','}"${name}":', ${sql}`).join(', ');
}

interface FieldSql {
  readonly countSql: CountSql;
  readonly timeSql: Sql;
  readonly mapSql: Sql;
}

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

/** Fields for an object in the SQL of DuckDB. */
export function fieldsOf(fields: NamedSql): string {
  return fields.map(([name, sql]) => `'${name}': ${sql}`).join(', ');
}

/** A time in the upstream's format; null if there is none. */
export function timeText(time: string): string {
  return `time_text(${time})`;
}
