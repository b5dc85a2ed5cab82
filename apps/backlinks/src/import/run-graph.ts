import { readEnv } from '@linkhaul/runtime';
import { exportGraph } from '../clickhouse/export.js';
import { graphEnv } from '../env.js';
import { buildInto } from './build/build-into.js';
import { parseCommand } from './command.js';
import { importSources } from './import.js';
import type { Screen } from './progress.js';

/** The parts of `process` that the command needs. */
interface GraphProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Pick<Screen, 'write'>;
  readonly stderr: Screen;
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

const FAILED = 1;
const INTERRUPTED = 130;

/** Runs `linkhaul-graph` with its words. Answers the exit code. */
export async function runGraph(words: readonly string[], host: GraphProcess): Promise<number> {
  const { stderr } = host;
  const read = readEnv(graphEnv, host.env);
  if (!read.ok) return refuse(stderr, read.problems.join('\n'));
  const { BACKLINKS_DATA: graph, BACKLINKS_ENGINE: engine, BACKLINKS_MEMORY: memory } = read.env;
  const command = parseCommand(words, { graph, engine });
  if ('problem' in command) return refuse(stderr, command.problem);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, () => stopping.abort());
  const surroundings = { screen: stderr, signal: stopping.signal };
  if (command.command === 'export') {
    const isLoaded = await exportGraph(command, { ...surroundings, memory, output: host.stdout });
    if (stopping.signal.aborted) return INTERRUPTED;
    return isLoaded ? 0 : FAILED;
  }
  const isWhole = command.command === 'build' || (await importSources(command, surroundings));
  if (stopping.signal.aborted) return INTERRUPTED;
  const isBuilt = await buildInto(command, { ...surroundings, env: host.env, memory });
  if (stopping.signal.aborted) return INTERRUPTED;
  return isWhole && isBuilt ? 0 : FAILED;
}

function refuse(screen: Screen, problem: string): number {
  screen.write(`${problem}\n`);
  return FAILED;
}
