import { existsSync } from 'node:fs';
import { execPath } from 'node:process';
import { type Child, spawnChild } from './child.js';
import type { Environment } from './env.js';
import { StackFailure } from './failure.js';
import { readyOrFailure } from './readiness.js';

export interface ProcessOptions {
  /** The name in messages and log files: `worker-1`. */
  readonly name: string;
  /** The JavaScript file to run, such as `builtApp('worker')`. */
  readonly entry: string;
  /** The whole environment of the process. */
  readonly env: Environment;
  readonly onLine?: (line: string) => void;
  readonly readyWithinMs?: number;
  /** Interrupts the start, not the running process. */
  readonly signal?: AbortSignal | undefined;
}

/** A running process of the service and the port on which it listens. */
export interface RunningProcess {
  readonly name: string;
  readonly port: number;
  readonly child: Child;
}

/** The first start makes the link graph: 20 s on an idle machine, and minutes on one that builds at the same time. */
const READY_WITHIN_MS = 600_000;

/** Starts a built process and waits until its log says on which port it listens. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, entry, env, onLine, readyWithinMs = READY_WITHIN_MS, signal } = options;
  if (!existsSync(entry)) throw new StackFailure(`${entry} does not exist. Build first: pnpm build`);
  let heard: (port: number) => void = () => undefined;
  const listening = new Promise<number>((resolve) => {
    heard = resolve;
  });
  const child = await spawnChild({
    command: execPath,
    args: [entry],
    env,
    ifOrphaned: 'SIGKILL',
    onLine(line) {
      onLine?.(line);
      const port = listeningPort(line);
      if (port !== null) heard(port);
    },
  });
  const port = await readyOrFailure({ name, child, ready: listening, withinMs: readyWithinMs, signal });
  return { name, port, child };
}

/** The port of a log line `{"msg":"listening","port":N}`; null for any other line. */
function listeningPort(line: string): number | null {
  if (!line.includes('"listening"')) return null;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('msg' in entry) || !('port' in entry)) return null;
    return entry.msg === 'listening' && typeof entry.port === 'number' ? entry.port : null;
  } catch {
    return null;
  }
}
