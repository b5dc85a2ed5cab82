import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const line = z.looseObject({ level: z.string(), msg: z.string() });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlinks-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The built process on a graph's file, until it listens or ends. */
async function startOn(path: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: { BACKLINKS_DATA: path, BACKLINKS_DOMAINS: '300', BACKLINKS_LINKS: '5000', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: z.output<typeof line>[] = [];
  for await (const text of createInterface(child.stdout)) {
    lines.push(line.parse(JSON.parse(text)));
    if (lines.at(-1)?.msg === 'listening') break;
  }
  return { lines, code, stop: () => child.kill('SIGTERM') };
}

test('a file that holds something else ends the process with one sentence', async () => {
  const path = join(folder, 'notes.txt');
  await writeFile(path, 'not a graph');
  const { lines, code } = await startOn(path);
  expect(await code).toBe(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'fatal', msg: expect.stringContaining(path) });
  expect(JSON.stringify(lines[0])).not.toContain('    at ');
  expect(await readFile(path, 'utf8')).toBe('not a graph');
});

test('two processes that start on the same missing file both serve it', async () => {
  const path = join(folder, 'graph.duckdb');
  const both = await Promise.all([startOn(path), startOn(path)]);
  for (const { lines } of both) expect(lines.at(-1)).toMatchObject({ msg: 'listening', domains: 300, links: 5000 });
  for (const { stop } of both) stop();
  expect(await Promise.all(both.map(({ code }) => code))).toEqual([0, 0]);
  expect(await readdir(folder)).toEqual(['graph.duckdb']);
});
