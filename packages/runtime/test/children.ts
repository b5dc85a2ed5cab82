import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Child {
  readonly process: ChildProcess;
  readonly lines: Line[];
  /** Resolves when a line with this message is written. */
  logged(message: string): Promise<Line>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts the process of `life.mjs` with one of its stories, and reads its log. */
export function startChild(story: string): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL('life.mjs', import.meta.url)), story], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting: { message: string; resolve: (line: Line) => void }[] = [];
  createInterface(child.stdout).on('line', (text) => {
    const line: Line = JSON.parse(text);
    lines.push(line);
    for (const { message, resolve } of waiting) if (message === line.msg) resolve(line);
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const logged = (message: string) =>
    new Promise<Line>((resolve, reject) => {
      const known = lines.find((line) => line.msg === message);
      if (known) resolve(known);
      waiting.push({ message, resolve });
      void ended.then((end) => reject(new Error(`ended with ${end} before it logged ${message}`)));
    });
  return { process: child, lines, logged, ended };
}
