import { parseArgs } from 'node:util';
import { type Address, addressOf } from '../clickhouse/address.js';
import type { ImportCommand } from './import.js';

const USAGE = `Usage: linkhaul-graph import SOURCE… [--into FILE] [--parts DIR] [--internal] [--only FILE]
       linkhaul-graph build [--into FILE] [--parts DIR]
       linkhaul-graph export [--clickhouse URL | --ddl] [--from FILE]

  import      makes parts of sources, and builds the graph
  build       builds the graph of the parts that are there, wherever they were made
  export      loads the graph into a database of ClickHouse, for graphs that one machine does not answer fast enough

  SOURCE      WARC, WAT or WACZ files, exports of links, folders of them, or patterns such as 'crawl/*.warc.gz'
  --into      the file of the graph: BACKLINKS_DATA unless given
  --parts     the folder of the parts: beside the graph unless given. The graph is built from all parts in it
  --internal  keeps links within a domain, too
  --only      a file of domains, one on each line: only links to these are kept
  --from      the file of the graph to export: BACKLINKS_DATA unless given
  --clickhouse  clickhouse://user:password@host:port/database: BACKLINKS_ENGINE unless given
  --ddl       prints the tables of the export, and loads nothing`;

interface PartsCommand extends ImportCommand {
  readonly command: 'import' | 'build';
}

export interface ExportCommand {
  readonly command: 'export';
  /** The file of the graph. */
  readonly from: string;
  /** Null where only the tables are to be printed. */
  readonly to: Address | null;
}

export type Command = PartsCommand | ExportCommand;

interface Problem {
  readonly problem: string;
}

/** What holds where the words say nothing. */
interface Defaults {
  readonly graph: string;
  readonly engine: Address | undefined;
}

/** Reads the words of the command, or says what is wrong with them. */
export function parseCommand(words: readonly string[], defaults: Defaults): Command | Problem {
  const parsed = parseWords(words);
  if (typeof parsed === 'string') return { problem: `${parsed}\n\n${USAGE}` };
  const { values, positionals } = parsed;
  const [command, ...sources] = positionals;
  if (values.help === true || command === undefined) return { problem: USAGE };
  if (command === 'export') return exportCommand(values, sources, defaults);
  if (command !== 'import' && command !== 'build') return { problem: `There is no command ${command}.\n\n${USAGE}` };
  if (command === 'build' && sources.length > 0) return { problem: `build takes no sources.\n\n${USAGE}` };
  if (command === 'import' && sources.length === 0) return { problem: `Name at least one source.\n\n${USAGE}` };
  const into = values.into ?? defaults.graph;
  return {
    command,
    sources,
    into,
    parts: values.parts ?? `${into.replace(/\.duckdb$/, '')}.parts`,
    internal: values.internal === true,
    only: values.only ?? null,
  };
}

function exportCommand(
  { from, clickhouse, ddl }: { readonly from?: string; readonly clickhouse?: string; readonly ddl?: boolean },
  sources: readonly string[],
  { graph, engine }: Defaults,
): ExportCommand | Problem {
  if (sources.length > 0) return { problem: `export takes no sources: name the graph by --from.\n\n${USAGE}` };
  const file = { command: 'export', from: from ?? graph } as const;
  if (ddl === true) return { ...file, to: null };
  const to = clickhouse === undefined ? engine : addressOf(clickhouse);
  if (to === undefined) return { problem: `Name a ClickHouse by --clickhouse.\n\n${USAGE}` };
  return 'problem' in to ? { problem: `--clickhouse ${to.problem}.` } : { ...file, to };
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        into: { type: 'string' },
        parts: { type: 'string' },
        internal: { type: 'boolean' },
        only: { type: 'string' },
        from: { type: 'string' },
        clickhouse: { type: 'string' },
        ddl: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
