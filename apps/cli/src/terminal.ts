import type { Readable, Writable } from 'node:stream';
import type { Screen } from './render/progress.js';

/** The standard streams and Ctrl-C, as commands see them. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdinIsTTY: boolean;
  /** For data only: it may be a pipe. */
  readonly stdout: Writable;
  readonly stdoutIsTTY: boolean;
  /** Standard error: progress and remarks for people. */
  readonly screen: Screen;
  /** Aborts at Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal;
}

/** Writes a line of data to standard output. */
export function print({ stdout }: Terminal, line: string): void {
  stdout.write(`${line}\n`);
}

/** Writes a line for people to standard error. */
export function say({ screen }: Terminal, line: string): void {
  screen.write(`${line}\n`);
}

/** Shows how to get the next page of a list. Says nothing after the last page. */
export function sayNext(terminal: Terminal, cursor: string | null): void {
  if (cursor !== null) say(terminal, `next: --cursor ${cursor}`);
}
