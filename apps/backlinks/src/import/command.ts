import { parseArgs } from 'node:util';
import type { ImportCommand } from './import.js';

const USAGE = `Usage: linkhaul-graph import SOURCE… [--into FILE] [--parts DIR] [--internal] [--only FILE]
       linkhaul-graph build [--into FILE] [--parts DIR]

  import      makes parts of sources, and builds the graph
  build       builds the graph of the parts that are there, wherever they were made

  SOURCE      WARC, WAT or WACZ files, exports of links, folders of them, or patterns such as 'crawl/*.warc.gz'
  --into      the file of the graph: BACKLINKS_DATA unless given
  --parts     the folder of the parts: beside the graph unless given. The graph is built from all parts in it
  --internal  keeps links within a domain, too
  --only      a file of domains, one on each line: only links to these are kept`;

export interface Command extends ImportCommand {
  readonly command: 'import' | 'build';
}

/** Reads the words of the command, or says what is wrong with them. */
export function parseCommand(words: readonly string[], graph: string): Command | { readonly problem: string } {
  const parsed = parseWords(words);
  if (typeof parsed === 'string') return { problem: `${parsed}\n\n${USAGE}` };
  const { values, positionals } = parsed;
  const [command, ...sources] = positionals;
  if (values.help === true || command === undefined) return { problem: USAGE };
  if (command !== 'import' && command !== 'build') return { problem: `There is no command ${command}.\n\n${USAGE}` };
  if (command === 'build' && sources.length > 0) return { problem: `build takes no sources.\n\n${USAGE}` };
  if (command === 'import' && sources.length === 0) return { problem: `Name at least one source.\n\n${USAGE}` };
  const into = values.into ?? graph;
  return {
    command,
    sources,
    into,
    parts: values.parts ?? `${into.replace(/\.duckdb$/, '')}.parts`,
    internal: values.internal === true,
    only: values.only ?? null,
  };
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
