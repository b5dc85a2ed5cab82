import type { Writable } from 'node:stream';
import { EXIT } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { fileReason } from './file-reasons.js';

/** Who reads our output has stopped reading, as head does: no failure of ours. */
export class ReaderGone extends Error {}

interface Output {
  /** Rejects when standard output cannot be written: with `ReaderGone`, or what to say. */
  readonly broken: Promise<never>;
  /** Resolves when all is written; rejects as `broken`. */
  flushed(): Promise<void>;
}

/** Writes fail behind the back of who made them: a disk that is full must not pass for a whole answer. */
export function watchOutput(stdout: Writable): Output {
  let failure: Error | null = null;
  const broken = new Promise<never>((_, reject) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code === 'EPIPE' ? new ReaderGone() : unwritten('Standard output', error);
      reject(failure);
    });
  });
  // Where nothing waits for it any more.
  broken.catch(() => undefined);
  return {
    broken,
    async flushed() {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      if (failure !== null) throw failure;
    },
  };
}

export function unwritten(name: string, error: Error): CliFailure {
  return new CliFailure(EXIT.unwritten, `${name} cannot be written: ${fileReason(error)}.`);
}
