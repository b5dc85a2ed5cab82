import { StackFailure } from './failure.js';

/** The terminal of the commands `demo`, `start` and `with-redis`. */
export interface Terminal {
  say(text: string): void;
  /** Aborted by Ctrl-C or SIGTERM. A second Ctrl-C ends the process at once. */
  readonly interrupted: AbortSignal;
}

const INTERRUPTED = 130;

/**
 * Runs a command and exits with its code. Prints only the message of a `StackFailure`, but the stack trace of any other
 * error. The command imports what it needs by itself, so that signals are handled before those modules load.
 */
export async function runCommand(name: string, command: (terminal: Terminal) => Promise<number>): Promise<never> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(INTERRUPTED);
      interruption.abort();
    });
  }
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  try {
    process.exit(await command({ say, interrupted: interruption.signal }));
  } catch (error) {
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write(`\n${name} failed: ${describe(error)}\n`);
    process.exit(1);
  }
}

function describe(error: unknown): string {
  if (error instanceof StackFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
