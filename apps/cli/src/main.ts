#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { runCli } from './run.js';

const INTERRUPTED = 130;
const DEFAULT_COLUMNS = 80;

process.stderr.on('error', () => undefined);

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    interruption.abort();
  });
}

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));

const code = await runCli({
  words: process.argv.slice(2),
  env: process.env,
  version,
  terminal: {
    stdin: process.stdin,
    stdinIsTTY: process.stdin.isTTY,
    stdout: process.stdout,
    stdoutIsTTY: process.stdout.isTTY,
    screen: {
      // A terminal that cannot move its cursor gets plain lines, like a log.
      isTTY: process.stderr.isTTY && process.env.TERM !== 'dumb',
      get columns() {
        // Some terminals report 0.
        return process.stderr.columns || DEFAULT_COLUMNS;
      },
      write: (text) => void process.stderr.write(text),
    },
    interrupted: interruption.signal,
  },
});
// An open standard input would keep the process alive, so it is ended once the output is written.
process.stdout.write('', () => process.exit(code));
