import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUCKET, nowAndThen, STORE_KEYS, STORE_REGION, startStandIn } from '@linkhaul/stack';
import { onTestFinished } from 'vitest';
import { type Backend, parseStorageUrl, type StorageAccess } from '../src/index.js';
import { testRedisUrl } from './redis.js';
import { S3RVER_KEYS, startS3rver } from './s3rver.js';

/** The installation that tests serve. */
export const INSTALLATION = 'inst_test';

/**
 * Every backend by name, each opened where nothing is, not even a marker. `s3` knows conditional writes and is in trouble now
 * and then; `s3rver` ignores the condition, and `s3 that refuses conditions` says so.
 */
export const NEW_BACKENDS = {
  file: openFile,
  redis: openRedis,
  s3: openS3,
  s3rver: openS3rver,
  's3 that refuses conditions': openWithoutConditions,
} as const;

type BackendName = keyof typeof NEW_BACKENDS;

export const backendNames: readonly BackendName[] = ['file', 'redis', 's3', 's3rver', 's3 that refuses conditions'];

/** Those that are always at hand, for what stands on every backend alike. */
export const nearNames: readonly BackendName[] = ['file', 'redis'];

/** A backend that serves an installation, which has nothing in it. */
export async function openClaimed(name: BackendName): Promise<Backend> {
  const backend = await NEW_BACKENDS[name]();
  await backend.claim(INSTALLATION);
  return backend;
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder as storage, which serves nobody yet. */
export function openFolder(folder: string): Backend {
  return open(pathToFileURL(folder).href);
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

async function openS3(): Promise<Backend> {
  const { endpoint, behaviour, close } = await startStandIn({ pageOf: 100 });
  behaviour.trouble = nowAndThen();
  return openBucket({ endpoint, credentials: STORE_KEYS, close });
}

async function openWithoutConditions(): Promise<Backend> {
  const { endpoint, close } = await startStandIn({ isConditional: false });
  return openBucket({ endpoint, credentials: STORE_KEYS, close });
}

/** One server for all: each backend has a prefix of its own. */
let s3rver: ReturnType<typeof startS3rver> | null = null;

async function openS3rver(): Promise<Backend> {
  s3rver ??= startS3rver(BUCKET);
  const { endpoint } = await s3rver;
  return openBucket({ endpoint, credentials: S3RVER_KEYS, close: async () => undefined });
}

/** Ends what tests have shared. */
export async function closeShared(): Promise<void> {
  await (await s3rver)?.close();
  s3rver = null;
}

interface Store {
  readonly endpoint: string;
  readonly credentials: StorageAccess['credentials'];
  close(): Promise<void>;
}

/** A bucket as storage, below a prefix that needs escaping. */
function openBucket({ endpoint, credentials, close }: Store): Backend {
  const query = new URLSearchParams({ endpoint, region: STORE_REGION });
  const backend = open(`s3://${BUCKET}/${randomUUID()}/with a+%25/prefix?${query}`, credentials);
  onTestFinished(async () => {
    await backend.close();
    await close();
  });
  return backend;
}

function open(storageUrl: string, credentials: StorageAccess['credentials'] = null): Backend {
  const settings = parseStorageUrl(storageUrl);
  if (settings === null) throw new Error(`${storageUrl} is not understood`);
  return settings.open({
    address: { kind: 'server', url: testRedisUrl() },
    prefix: `test[*]-${randomUUID()}`,
    credentials,
  });
}
