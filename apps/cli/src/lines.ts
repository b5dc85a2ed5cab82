import { once } from 'node:events';
import type { Terminal } from './terminal.js';

/** Writes a line for each value as they come, no faster than they are read. */
export async function writeLines<T>(
  values: AsyncIterable<T>,
  lineOf: (value: T) => string,
  { stdout, interrupted }: Terminal,
): Promise<void> {
  for await (const value of values) {
    if (!stdout.write(`${lineOf(value)}\n`)) await once(stdout, 'drain', { signal: interrupted });
  }
}
