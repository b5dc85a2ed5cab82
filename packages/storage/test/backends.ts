import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Backend, parseStorageUrl } from '../src/index.js';
import { testRedisUrl } from './redis.js';

/** Every backend by name, each opened with nothing in it. */
export const BACKENDS = { file: openFile, redis: openRedis } as const;

export const backendNames = ['file', 'redis'] as const satisfies (keyof typeof BACKENDS)[];

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function openFile(): Promise<Backend> {
  return open(pathToFileURL(join(await newFolder(), 'with a space')).href);
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
