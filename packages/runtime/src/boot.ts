import type { EnvSource } from './env.js';

/** The parts of `process` that a life needs, so that only main.ts names the real one. */
export interface ProcessLike {
  readonly env: EnvSource;
  readonly stderr: { write(text: string): unknown };
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  exit(code: number): never;
}

/** A process whose signals are heard from its first moment on. */
export interface Host extends ProcessLike {
  /** From now on SIGTERM and SIGINT are for this listener; before, they ended the process with 0. */
  onSignal(listener: (signal: string) => void): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'];

/**
 * Listens for signals, then loads the rest of the process, which takes up to a second. A process that is told to stop
 * meanwhile has nothing open yet and ends with 0; without a listener the signal would kill it. So this file imports nothing.
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
