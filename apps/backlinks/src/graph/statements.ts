import { DOUBLE, type DuckDBConnection, type DuckDBPreparedStatement, LIST, VARCHAR } from '@duckdb/node-api';

/** Numbers are bound as DOUBLE, bigints as UBIGINT, because no query has negative integers. */
export type Param = string | number | bigint | boolean | readonly string[] | readonly number[];

/** Values by parameter name. Values never become part of the SQL text. */
export type Params = Readonly<Record<string, Param>>;

/** A query exceeded its time limit and was interrupted. */
export class QueryTimeout extends Error {}

/** A value in a query is none that its function takes, such as a pattern that is no regular expression. */
export class InvalidInput extends Error {}

/** The prepared statements of one connection. */
export interface Statements {
  /** Throws QueryTimeout if the query takes longer than `maxMs`. */
  run(sql: string, params: Params, maxMs: number): Promise<unknown[]>;
}

/** Sorting rules and filters give one query many texts. */
const MAX_KEPT = 64;
const INTERRUPT_AGAIN_MS = 50;

/** Caches prepared statements, because planning a long query takes longer than running it on few rows. */
export function statementsOn(connection: DuckDBConnection): Statements {
  const kept = new Map<string, Statement>();
  const prepared = async (sql: string) => {
    const known = kept.get(sql);
    if (known) {
      // Moves the statement to the end: the first statement is the least recently used.
      kept.delete(sql);
      kept.set(sql, known);
      return known;
    }
    const made = { prepared: await connection.prepare(sql), indexes: new Map<string, number>() };
    const [oldest] = kept;
    if (oldest && kept.size >= MAX_KEPT) {
      kept.delete(oldest[0]);
      oldest[1].prepared.destroySync();
    }
    kept.set(sql, made);
    return made;
  };
  return {
    run: async (sql, params, maxMs) => {
      const statement = await prepared(sql);
      bind(statement, params);
      let late = false;
      // Repeated, because an interrupt just before the query begins is lost.
      const giveUp = () => {
        late = true;
        connection.interrupt();
        timer = setTimeout(giveUp, INTERRUPT_AGAIN_MS);
      };
      let timer = setTimeout(giveUp, maxMs);
      try {
        const reader = await statement.prepared.runAndReadAll();
        if (!late) return reader.getRowObjectsJS();
      } catch (error) {
        if (!late) throw isInvalidInput(error) ? new InvalidInput(error.message, { cause: error }) : error;
      } finally {
        clearTimeout(timer);
      }
      throw new QueryTimeout(`gave up after ${Math.round(maxMs)} ms`);
    },
  };
}

function isInvalidInput(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('Invalid Input Error');
}

interface Statement {
  readonly prepared: DuckDBPreparedStatement;
  /** The index of each parameter. Looking up a name among a thousand takes longer than binding its value. */
  readonly indexes: Map<string, number>;
}

function bind({ prepared, indexes }: Statement, params: Params): void {
  for (const [name, value] of Object.entries(params)) {
    let index = indexes.get(name);
    if (index === undefined) {
      index = prepared.parameterIndex(name);
      indexes.set(name, index);
    }
    bindOne(prepared, index, value);
  }
}

/** Binds with explicit types, because the type of an empty list does not follow from its values. */
function bindOne(prepared: DuckDBPreparedStatement, index: number, value: Param): void {
  if (typeof value === 'bigint') prepared.bindUBigInt(index, value);
  else if (typeof value === 'string') prepared.bindVarchar(index, value);
  else if (typeof value === 'number') prepared.bindDouble(index, value);
  else if (typeof value === 'boolean') prepared.bindBoolean(index, value);
  else prepared.bindList(index, value, LIST(typeof value[0] === 'number' ? DOUBLE : VARCHAR));
}
