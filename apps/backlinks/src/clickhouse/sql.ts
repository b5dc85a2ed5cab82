import { CLICKHOUSE_FUNCTIONS } from '../graph/shared-functions.js';
import type { Param, Params } from '../graph/statements.js';

/** A query as ClickHouse takes it. */
export interface ClickHouseQuery {
  readonly sql: string;
  /** Texts, and lists of them, by the name of their placeholder. */
  readonly params: Readonly<Record<string, string | readonly string[]>>;
}

/** The types that ClickHouse has under other names. Its own `TIMESTAMP` ends in 2106 and has no fractions. */
const TYPES: Readonly<Record<string, string>> = {
  DATE: 'Date32',
  TIMESTAMP: "DateTime64(6, 'UTC')",
  'TIMESTAMP[]': "Array(DateTime64(6, 'UTC'))",
};

const PLACEHOLDER = /\$(\w+)(?:::(DATE|TIMESTAMP\[\]|TIMESTAMP)(?!\w))?/g;

/**
 * Translates a query that both engines read: placeholders and types get ClickHouse's form, and the functions that it calls are defined
 * before it. Numbers stand in the text as what they are; texts are sent beside it.
 */
export function clickHouseQuery(sql: string, values: Params, functions: ReadonlyMap<string, string>): ClickHouseQuery {
  const params: Record<string, string | readonly string[]> = {};
  const body = sql
    .replace(PLACEHOLDER, (_, name: string, cast: string | undefined) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the query has no value for ${name}`);
      if (!isText(value)) return literalOf(value);
      params[name] = value;
      const type = cast === undefined ? (typeof value === 'string' ? 'String' : 'Array(String)') : TYPES[cast];
      return `{${name}:${type}}`;
    })
    .replace(/::TIMESTAMP(?!\w)/g, `::${TYPES.TIMESTAMP}`);
  const called = [...functions]
    .filter(([name]) => body.includes(`${name}(`))
    .map(([name, lambda]) => `(${lambda}) AS ${name}`);
  if (called.length === 0) return { sql: body, params };
  return {
    sql: `WITH ${called.join(', ')}${/^\s*WITH\b/.test(body) ? body.replace(/^\s*WITH\b/, ',') : ` ${body}`}`,
    params,
  };
}

type Text = string | readonly string[];

function isText(value: Param): value is Text {
  return typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string');
}

function literalOf(value: Exclude<Param, Text>): string {
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value);
}

/** The functions of a graph, as lambdas by name. */
export function functionsOf(spamOfNothing: number | null): ReadonlyMap<string, string> {
  return new Map([...CLICKHOUSE_FUNCTIONS, ['spam_of_nothing', `() -> ${spamOfNothing ?? 'NULL'}`]]);
}
