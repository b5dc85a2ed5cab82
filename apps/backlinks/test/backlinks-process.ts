import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const line = z.looseObject({ level: z.string(), msg: z.string() });

export type Env = Readonly<Record<string, string>>;
export type BacklinksProcess = ReturnType<typeof spawnOn>;

/** The built process on a graph's file. */
export function spawnOn(path: string, env: Env = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: { BACKLINKS_DATA: path, BACKLINKS_DOMAINS: '50', BACKLINKS_LINKS: '1000', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: z.output<typeof line>[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (text) => lines.push(line.parse(JSON.parse(text))));
  const listening = new Promise<void>((resolve) => {
    reader.on('line', () => lines.at(-1)?.msg === 'listening' && resolve());
  });
  return { lines, code, listening, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
