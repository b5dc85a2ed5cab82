import { readEnv } from '@linkhaul/runtime';
import { graphEnv } from '../env.js';
import { parseCommand } from './command.js';
import { importSources } from './import.js';
import type { Screen } from './progress.js';

/** The parts of `process` that the command needs. */
interface GraphProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: Screen;
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

const FAILED = 1;
const INTERRUPTED = 130;

/** Runs `linkhaul-graph` with its words. Answers the exit code. */
export async function runGraph(words: readonly string[], host: GraphProcess): Promise<number> {
  const { stderr } = host;
  const read = readEnv(graphEnv, host.env);
  const command = read.ok ? parseCommand(words, read.env.BACKLINKS_DATA) : { problem: read.problems.join('\n') };
  if ('problem' in command) {
    stderr.write(`${command.problem}\n`);
    return FAILED;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, () => stopping.abort());
  const isWhole = await importSources(command, { screen: stderr, signal: stopping.signal });
  if (stopping.signal.aborted) return INTERRUPTED;
  return isWhole ? 0 : FAILED;
}
