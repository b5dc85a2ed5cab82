import type { Readable, Writable } from 'node:stream';
import type { Screen } from './render/progress.js';

/** The process as commands see it. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdinIsTTY: boolean;
  /** Data, and nothing else: it may be a pipe. */
  readonly stdout: Writable;
  readonly stdoutIsTTY: boolean;
  /** Progress and remarks, for people. */
  readonly screen: Screen;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal;
}

/** A line of data. */
export function print({ stdout }: Terminal, line: string): void {
  stdout.write(`${line}\n`);
}

/** A line for people. */
export function say({ screen }: Terminal, line: string): void {
  screen.write(`${line}\n`);
}
