import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from './env.js';
import { StackFailure } from './failure.js';
import { endWithParent } from './orphan-guard.js';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment;
  /** Called with each line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** The signal for the child if this process dies without stopping it. */
  readonly ifOrphaned: NodeJS.Signals;
}

export interface Child {
  readonly pid: number;
  /** How the child ended: `exit code 0`, `signal SIGKILL`. Never rejects. */
  readonly exited: Promise<string>;
  readonly running: boolean;
  /** The last lines that the child printed. */
  tail(): string;
  /** Sends SIGTERM and waits for the end; sends SIGKILL if the child outlives the longest drain. */
  stop(): Promise<void>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const TAIL_LINES = 30;
/** A little longer than a worker's default drain. */
const STOP_WITHIN_MS = 150_000;

/**
 * Starts a child in its own process group. Ctrl-C in a terminal then reaches only this process, which stops its
 * children in order.
 */
export async function spawnChild(options: ChildOptions): Promise<Child> {
  const { command, args, env, onLine, ifOrphaned } = options;
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env: { ...env } }),
  });
  const tail: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const pid = await pidOf(child, command);
  const forget = endWithParent(pid, ifOrphaned);
  const ended = exited.finally(forget);
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return {
    pid,
    exited: ended,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    tail: () => tail.join('\n'),
    async stop() {
      kill('SIGTERM');
      const late = setTimeout(() => kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
    async kill() {
      kill('SIGKILL');
      await ended;
    },
    signal: kill,
  };
}

function pidOf(child: ReturnType<typeof spawn>, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StackFailure(`${command} cannot be started: ${error.message}`)));
    child.once('spawn', () => (child.pid === undefined ? reject(new Error('no pid')) : resolve(child.pid)));
  });
}
