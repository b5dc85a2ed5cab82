import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { builtApp, repositoryRoot } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { environment, isThorough } from './env.js';

const START = join(repositoryRoot, 'stack', 'dist', 'start.js');
const NO_REDIS = { REDIS_URL: 'redis://127.0.0.1:1' };
const START_TAKES_MS = 2_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Moment {
  /** Part of the address of a module: its loading is the moment. */
  readonly at: string;
  /** Whether the process stays at that moment. */
  readonly stay: boolean;
  readonly env?: Record<string, string>;
}

/** Resolves with a built process that begins to load a module. */
async function loading(entry: string, { at, stay, env = {} }: Moment): Promise<ChildProcess> {
  const preload = new URL(`say-loading.mjs?${new URLSearchParams({ at, stay: String(stay) })}`, import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, entry], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: environment.PATH,
      PORT: '0',
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: 'e2e-early',
      STORAGE_URL: pathToFileURL(folder).href,
      UPSTREAM_URL: 'http://127.0.0.1:1',
      UPSTREAM_LOGIN: 'l',
      UPSTREAM_PASSWORD: 'p',
      BACKLINKS_DATA: join(folder, `${randomUUID()}.duckdb`),
      BACKLINKS_DOMAINS: '300',
      BACKLINKS_LINKS: '5000',
      ...env,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.stdout.resume();
  return child;
}

async function endAfter(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code, by]: unknown[] = await ended;
  return by ?? code;
}

/** Parts of the time that a start takes, and with `test:all` more than that. Each costs a process. */
const MOMENTS = isThorough ? [0, 0.1, 0.2, 0.35, 0.6, 1] : [0.1, 0.35];

/** The first module that is loaded once signals are heard: an earlier one finds only Node itself, which ends by it. */
const FIRST = '/dist/run.js';

const MODULES = [
  ['api', FIRST],
  ['worker', FIRST],
  ['backlinks', FIRST],
  ['backlinks', '/duckdb'],
] as const;

it.each(MODULES)('%s ends with 0 when it is told to stop while it loads %s', async (app, at) => {
  expect(await endAfter(await loading(builtApp(app), { at, stay: true }), 'SIGTERM')).toBe(0);
  expect(await endAfter(await loading(builtApp(app), { at, stay: true }), 'SIGINT')).toBe(0);
});

it.each(['/undici/', '/zod/', '/stack/dist/stack'])('so does pnpm start while it loads %s', async (at) => {
  expect(await endAfter(await loading(START, { at, stay: false }), 'SIGTERM')).toBe(0);
});

it.each([
  ['api', {}],
  ['api', NO_REDIS],
  ['worker', {}],
  ['worker', NO_REDIS],
  ['backlinks', {}],
] as const)('%s %o ends with 0 at whatever moment of its start it is told to stop', async (app, env) => {
  const ends = MOMENTS.map(async (part) => {
    const child = await loading(builtApp(app), { at: FIRST, stay: false, env });
    await sleep(START_TAKES_MS * part);
    return endAfter(child, 'SIGTERM');
  });
  expect(new Set(await Promise.all(ends))).toEqual(new Set([0]));
});
