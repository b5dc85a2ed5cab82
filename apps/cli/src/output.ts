import type { Writable } from 'node:stream';
import { EXIT } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { fileReason } from './file-reasons.js';

/** The program that reads our output has ended, as `head` does. This is not a failure. */
export class ReaderGone extends Error {}

interface Output {
  /** Rejects when standard output cannot be written, with `ReaderGone` or `CliFailure`. Never resolves. */
  readonly broken: Promise<never>;
  /** Resolves when everything is written; rejects as `broken` does. */
  flushed(): Promise<void>;
}

/** Watches for write errors, which come after the write call has returned: output cut by a full disk must not look complete. */
export function watchOutput(stdout: Writable): Output {
  let failure: Error | null = null;
  const broken = new Promise<never>((_, reject) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code === 'EPIPE' ? new ReaderGone() : unwritten('Standard output', error);
      reject(failure);
    });
  });
  // Prevents an unhandled rejection after the command has ended.
  broken.catch(() => undefined);
  return {
    broken,
    async flushed() {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      if (failure !== null) throw failure;
    },
  };
}

/** `name`: the file as it is shown, or `Standard output`. */
export function unwritten(name: string, error: Error): CliFailure {
  return new CliFailure(EXIT.unwritten, `${name} cannot be written: ${fileReason(error)}.`);
}
