import type { EnvSource } from './env.js';

/** The parts of `process` that are used, so that only main.ts needs the real one. */
export interface ProcessLike {
  readonly env: EnvSource;
  readonly stderr: { write(text: string): unknown };
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  exit(code: number): never;
}

/** A process that handles signals from its first moment on. */
export interface Host extends ProcessLike {
  /** SIGTERM and SIGINT go to this listener from now on. Before, they end the process with exit code 0. */
  onSignal(listener: (signal: string) => void): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'];

/**
 * Listens for signals, then loads the rest of the process, which takes up to a second. A signal in that time ends the process
 * with exit code 0, since nothing is open yet; without a listener it would kill the process. So this file imports nothing.
 */
export async function boot(host: ProcessLike, load: () => Promise<{ run(host: Host): Promise<void> }>): Promise<void> {
  let listener: (signal: string) => void = () => host.exit(0);
  for (const signal of SIGNALS) host.on(signal, () => listener(signal));
  const { run } = await load();
  await run({
    env: host.env,
    stderr: host.stderr,
    on: (event, heard) => host.on(event, heard),
    exit: (code) => host.exit(code),
    onSignal: (next) => {
      listener = next;
    },
  });
}
