/** A function in the SQL of each engine. */
interface SharedFunction {
  readonly args: readonly string[];
  readonly duckdb: string;
  readonly clickhouse: string;
}

/** The conditions of filters. Each has an `operand`, and a second form, `any_<name>`, that is true if an entry of a list meets it. */
const CONDITIONS = {
  is_same: bothAs('value = operand'),
  is_less: bothAs('value < operand'),
  is_at_most: bothAs('value <= operand'),
  is_more: bothAs('value > operand'),
  is_at_least: bothAs('value >= operand'),
  is_one_of: { duckdb: 'list_contains(operand, value)', clickhouse: 'has(operand, value)' },
  is_like: { duckdb: "value LIKE operand ESCAPE '\\'", clickhouse: 'value LIKE operand' },
  is_ilike: { duckdb: "value ILIKE operand ESCAPE '\\'", clickhouse: 'value ILIKE operand' },
  has_words: {
    duckdb: "list_has_all(regexp_split_to_array(lower(value), '[^\\pL\\pN]+'), operand)",
    clickhouse: "hasAll(splitByRegexp('[^\\\\pL\\\\pN]+', lowerUTF8(coalesce(value, ''))), operand)",
  },
  // In ClickHouse a dot matches the end of a line, too.
  is_matched: {
    duckdb: 'regexp_matches(value, operand)',
    clickhouse: "match(value, concat('(?-s)', operand))",
  },
} as const;

export type ConditionName = keyof typeof CONDITIONS;

/**
 * What the queries call that the engines name differently, or do not have. Each engine defines these functions in its own words, so
 * that a query is written once, in the SQL that both engines read. ClickHouse has no lists that are null: its empty lists are.
 */
const FUNCTIONS = {
  json_text: {
    args: ['value'],
    duckdb: "coalesce(to_json(value)::VARCHAR, 'null')",
    clickhouse: "coalesce(toJSONString(value), 'null')",
  },
  time_text: {
    args: ['moment'],
    duckdb: "strftime(moment, '%Y-%m-%d %H:%M:%S +00:00')",
    clickhouse: "formatDateTime(moment, '%Y-%m-%d %H:%i:%S +00:00')",
  },
  joined_by: {
    args: ['item', 'place'],
    duckdb: "string_agg(item, ',' ORDER BY place)",
    clickhouse: "nullIf(arrayStringConcat(arrayMap(e -> e.2, arraySort(groupArray((place, item)))), ','), '')",
  },
  shuffled: { args: ['name'], duckdb: "hash(name || '#')", clickhouse: 'cityHash64(name)' },
  // Sorting by the negated count puts the largest counts first and orders equal counts by word.
  map_text: {
    args: ['word', 'times'],
    duckdb: `'{' || array_to_string(list_transform(list_sort(list({n: -times, word: word})),
      lambda e: to_json(e.word)::VARCHAR || ':' || (-e.n)), ',') || '}'`,
    clickhouse: `concat('{', arrayStringConcat(arrayMap(e -> concat(toJSONString(e.2), ':', toString(-e.1)),
      arraySort(groupArray((-times, word)))), ','), '}')`,
  },
  largest_entries: {
    args: ['entries', 'most'],
    duckdb: `CASE WHEN len(json_keys(entries::JSON)) <= most THEN entries::JSON
      ELSE to_json(map_from_entries(map_entries(entries::JSON::MAP(VARCHAR, BIGINT))[:most])) END`,
    clickhouse: `CASE WHEN entries IS NOT NULL THEN concat('{', arrayStringConcat(
      arrayMap(e -> concat(toJSONString(e.1), ':', e.2), arraySlice(JSONExtractKeysAndValuesRaw(coalesce(entries, '{}')), 1, most)),
      ','), '}') END`,
  },
  /** The value of a key, which comes as a JSON pointer (RFC 6901). */
  map_entry: {
    args: ['entries', 'pointer'],
    duckdb: 'json_extract_string(entries, pointer)',
    clickhouse: `nullIf(JSONExtractRaw(entries,
      replaceAll(replaceAll(substring(pointer, 2), '~1', '/'), '~0', '~')), '')`,
  },
  // With many subjects, DuckDB counts the values of a list many times faster than DISTINCT ones.
  distinct_among: {
    args: ['value', 'among'],
    duckdb: 'coalesce(list_unique(list(value) FILTER (WHERE among)), 0)',
    clickhouse: 'uniqExactIf(value, coalesce(among, false))',
  },
  entries_of: { args: ['entries'], duckdb: 'unnest(entries)', clickhouse: 'arrayJoin(entries)' },
  lists_of: {
    args: ['text'],
    duckdb: `from_json(text, '[["VARCHAR"]]')`,
    clickhouse: "JSONExtract(text, 'Array(Array(String))')",
  },
  known_list: { args: ['entries'], duckdb: 'nullif(entries, []::VARCHAR[])', clickhouse: 'entries' },
  one_entry: {
    args: ['value'],
    duckdb: 'CASE WHEN value IS NOT NULL THEN [value] END',
    clickhouse: 'arrayFilter(e -> e IS NOT NULL, [value])',
  },
  is_no_list: { args: ['entries'], duckdb: 'entries IS NULL', clickhouse: 'empty(entries)' },
  is_secure: {
    args: ['url'],
    duckdb: "starts_with(url, 'https://')",
    clickhouse: "startsWith(url, 'https://')",
  },
} satisfies Record<string, SharedFunction>;

const ALL: readonly [name: string, SharedFunction][] = [
  ...Object.entries(FUNCTIONS),
  ...Object.entries(CONDITIONS).flatMap(([name, { duckdb, clickhouse }]): [string, SharedFunction][] => [
    [name, { args: ['value', 'operand'], duckdb, clickhouse }],
    [
      `any_${name}`,
      {
        args: ['entries', 'operand'],
        duckdb: `len(list_filter(entries, lambda value: ${duckdb})) > 0`,
        clickhouse: `arrayExists(value -> ${clickhouse}, entries)`,
      },
    ],
  ]),
];

/** Statements that define the functions for a connection to DuckDB. */
export const DUCKDB_FUNCTIONS = ALL.map(
  ([name, { args, duckdb }]) => `CREATE OR REPLACE TEMP MACRO ${name}(${args.join(', ')}) AS ${duckdb}`,
);

/** The functions as lambdas of ClickHouse, by name: a query defines those that it calls before it calls them. */
export const CLICKHOUSE_FUNCTIONS: ReadonlyMap<string, string> = new Map(
  ALL.map(([name, { args, clickhouse }]) => [name, `(${args.join(', ')}) -> ${clickhouse}`]),
);

function bothAs(sql: string) {
  return { duckdb: sql, clickhouse: sql };
}
