import { GraphFileError } from '../graph/graph-file.js';
import type { ExportCommand } from '../import/command.js';
import { duration, type Screen } from '../import/progress.js';
import { ddlOf } from './ddl.js';
import { EngineError } from './engine-error.js';
import { withGraphTables } from './graph-tables.js';
import { loadGraph } from './load.js';

interface Surroundings {
  readonly screen: Pick<Screen, 'write'>;
  /** Where the tables are printed. */
  readonly output: Pick<Screen, 'write'>;
  readonly signal: AbortSignal;
  /** DuckDB's `memory_limit`. */
  readonly memory: string;
}

/** Loads a graph into ClickHouse, or prints its tables, and says what it came to. Answers whether that is done. */
export async function exportGraph({ from, to }: ExportCommand, around: Surroundings): Promise<boolean> {
  const { screen, output, signal, memory } = around;
  const file = { path: from, memory, named: { file: '--from', memory: 'BACKLINKS_MEMORY' } };
  const started = performance.now();
  try {
    if (to === null) {
      const tables = await withGraphTables(file, ddlOf);
      for (const { create } of tables) output.write(`${create};\n\n`);
      return true;
    }
    let total = 0;
    const onTable = (table: string, rows: number) => {
      total += rows;
      screen.write(`Loading: ${table} …\n`);
    };
    await loadGraph(file, to, { signal, onTable });
    const took = duration((performance.now() - started) / 1000);
    const place = `The database ${to.database} at ${new URL(to.url).host}`;
    screen.write(`${place} holds the graph, in ${total.toLocaleString('en')} rows; loaded in ${took}.\n`);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof GraphFileError || error instanceof EngineError)) throw error;
    screen.write(`${error.message}.\n`);
    return false;
  }
}
