import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './env.js';
import { type RunningProcess, startProcess } from './processes.js';
import { type AppName, builtApp } from './repository.js';

export interface Position {
  readonly app: AppName;
  /** The name of the process in messages, and of its log file: `worker-1`. */
  readonly name: string;
  readonly env: Environment;
}

/** The processes of a stack, each with a log file of its own. */
export interface Crew {
  start(position: Position): Promise<RunningProcess>;
  /** Starts all of them. If one fails to start, stops the others and throws its error. */
  startAll(positions: readonly Position[]): Promise<RunningProcess[]>;
  stop(processes: readonly RunningProcess[]): Promise<void>;
  /** Resolves with a description when a process exits that was not told to stop. */
  readonly lost: Promise<string>;
}

/** Starts and stops processes, and notices when one exits unexpectedly. Aborting the signal interrupts a start. */
export function createCrew(logDir: string, signal?: AbortSignal): Crew {
  mkdirSync(logDir, { recursive: true });
  const stopping = new Set<RunningProcess>();
  let lose: (what: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });

  async function start({ app, name, env }: Position): Promise<RunningProcess> {
    const log = openSync(join(logDir, `${name}.log`), 'w');
    let isOpen = true;
    // The last line may be read after the process has ended.
    const onLine = (line: string) => void (isOpen && writeLine(log, line));
    const started = await startProcess({ name, entry: builtApp(app), env, onLine, signal });
    void started.child.exited.then((how) => {
      isOpen = false;
      closeSync(log);
      if (!stopping.has(started)) lose(`${name} ended with ${how}:\n${started.child.tail()}`);
    });
    return started;
  }

  async function stop(processes: readonly RunningProcess[]): Promise<void> {
    for (const process of processes) stopping.add(process);
    await Promise.all(processes.map(({ child }) => child.stop()));
  }

  async function startAll(positions: readonly Position[]): Promise<RunningProcess[]> {
    const outcomes = await Promise.allSettled(positions.map(start));
    const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure === undefined) return started;
    await stop(started);
    throw failure.reason;
  }

  return { start, startAll, stop, lost };
}

/** A full disk only loses lines of the log. */
function writeLine(log: number, line: string): void {
  try {
    writeSync(log, `${line}\n`);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error;
  }
}
