import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Backend, parseStorageUrl } from '../src/index.js';
import { testRedisUrl } from './redis.js';

/** The installation that tests serve. */
export const INSTALLATION = 'inst_test';

/** Every backend by name, each opened where nothing is, not even a marker. */
export const NEW_BACKENDS = { file: openFile, redis: openRedis } as const;

/** Every backend by name, each serving an installation that has nothing in it. */
export const BACKENDS = { file: () => claimed(openFile()), redis: () => claimed(openRedis()) } as const;

export const backendNames = ['file', 'redis'] as const satisfies (keyof typeof BACKENDS)[];

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder as storage, which serves nobody yet. */
export function openFolder(folder: string): Backend {
  return open(pathToFileURL(folder).href);
}

async function claimed(opening: Promise<Backend>): Promise<Backend> {
  const backend = await opening;
  await backend.claim(INSTALLATION);
  return backend;
}

async function openFile(): Promise<Backend> {
  return openFolder(join(await newFolder(), 'not made', 'with a space'));
}

async function openRedis(): Promise<Backend> {
  const backend = open('redis:');
  onTestFinished(async () => {
    await backend.remove('jobs');
    await backend.close();
  });
  return backend;
}

function open(storageUrl: string): Backend {
  const settings = parseStorageUrl(storageUrl);
  if (settings === null) throw new Error(`${storageUrl} is not understood`);
  return settings.open({ url: testRedisUrl(), prefix: `test[*]-${randomUUID()}` });
}
