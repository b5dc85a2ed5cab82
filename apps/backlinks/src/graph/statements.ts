import { DOUBLE, type DuckDBConnection, type DuckDBPreparedStatement, LIST, VARCHAR } from '@duckdb/node-api';

/** A number is bound as DOUBLE, a bigint as UBIGINT: nothing here is negative and whole. */
export type Param = string | number | bigint | boolean | readonly string[] | readonly number[];

/** Values bound by name; SQL text is made of checked names only. */
export type Params = Readonly<Record<string, Param>>;

/** A query ran longer than it may, and was given up. */
export class QueryTimeout extends Error {}

/** One connection's prepared statements. */
export interface Statements {
  /** Throws QueryTimeout for a query that took longer than `maxMs`. */
  run(sql: string, params: Params, maxMs: number): Promise<unknown[]>;
}

/** Sorting rules and filters make many texts of one query. */
const MAX_KEPT = 64;
const INTERRUPT_AGAIN_MS = 50;

/** Keeps a connection's statements: planning a query of many parts takes longer than running it on few rows. */
export function statementsOn(connection: DuckDBConnection): Statements {
  const kept = new Map<string, Statement>();
  const prepared = async (sql: string) => {
    const known = kept.get(sql);
    if (known) {
      // The one used last stands last: what is given up is what nobody has asked for in a long time.
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
      // Again and again: an interrupt that comes just before the query begins is lost.
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
        if (!late) throw error;
      } finally {
        clearTimeout(timer);
      }
      throw new QueryTimeout(`gave up after ${Math.round(maxMs)} ms`);
    },
  };
}

interface Statement {
  readonly prepared: DuckDBPreparedStatement;
  /** Of the parameters, by name. Looking a name up among a thousand others takes longer than binding it. */
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

/** Types are said, not guessed: the type of an empty list cannot be told from its values. */
function bindOne(prepared: DuckDBPreparedStatement, index: number, value: Param): void {
  if (typeof value === 'bigint') prepared.bindUBigInt(index, value);
  else if (typeof value === 'string') prepared.bindVarchar(index, value);
  else if (typeof value === 'number') prepared.bindDouble(index, value);
  else if (typeof value === 'boolean') prepared.bindBoolean(index, value);
  else prepared.bindList(index, value, LIST(typeof value[0] === 'number' ? DOUBLE : VARCHAR));
}
