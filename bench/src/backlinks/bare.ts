import { DuckDBInstance } from '@duckdb/node-api';
import { connectTo, createQueries, type Graph, type Params, type Queries, runTask } from '@linkhaul/backlinks';
import { z } from 'zod';
import type { Task } from './tasks.js';

const ACCOUNT = { login: 'local', now: 0, tokensLastMs: null };

/** The queries that one answer takes, as they are sent to DuckDB. */
export type BareTask = readonly { readonly sql: string; readonly params: Params }[];

/** Runs a task once and records its queries. */
export async function recordQueries(graph: Graph, { endpoint, task }: Task): Promise<BareTask> {
  const seen: { sql: string; params: Params }[] = [];
  const noting: Queries = {
    rows: (sql, params, schema) => {
      seen.push({ sql, params });
      return graph.rows(sql, params, schema);
    },
    row: (sql, params, schema) => {
      seen.push({ sql, params });
      return graph.row(sql, params, schema);
    },
  };
  const outcome = await runTask({ ...graph, ...noting, slow: noting }, { name: endpoint, task }, ACCOUNT);
  if (outcome.code !== 20000) throw new Error(`${endpoint}: ${outcome.message}`);
  return seen;
}

/** DuckDB alone on the same file, with a connection for each query in flight. */
export async function openBare({ path, memory, inFlight }: { path: string; memory: string; inFlight: number }) {
  const instance = await DuckDBInstance.create(path, { memory_limit: memory, access_mode: 'READ_ONLY' });
  const connections = await Promise.all(Array.from({ length: inFlight }, () => connectTo(instance)));
  const queries = createQueries(connections, 120_000);
  return {
    run: async (task: BareTask): Promise<void> => {
      for (const { sql, params } of task) await queries.rows(sql, params, z.unknown());
    },
    close: () => {
      for (const connection of connections) connection.closeSync();
      instance.closeSync();
    },
  };
}
