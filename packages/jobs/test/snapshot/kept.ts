import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Backend, listSnapshots, parseStorageUrl, readSnapshot } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { accessTo, claimRecovery, createRestoration, createSnapshots } from '../../src/index.js';
import { openSpace, planJob, type Space } from '../planning/space.js';
import { openRedis } from '../redis.js';

export async function openStorage(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshots-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = parseStorageUrl(pathToFileURL(join(folder, 'storage')).href)?.open({
    address: { kind: 'server', url: '' },
    prefix: '',
  });
  if (storage === undefined) throw new Error('this is no storage');
  await storage.claim('inst_test');
  return storage;
}

/** What a recovery brings back, or what stands for it; not what workers say again, and nothing about the account. */
const RESTORED =
  /^(job:|jobs:|tag|active|expiring|unfinished|idempotency|window|later|sending|unknown|unpriced|open$|usage|tenant|delivery|api-key|default-webhook|webhook-secret|committed:.*:m)/;
/**
 * A job waits for nobody's money after a recovery, and the next answer confirms the price again. An event that was lost is
 * made again.
 */
const NOT_RESTORED = ['short', 'price_ok', 'event'];

/** Every key that is to be restored, with its value. */
export async function contentsOf(redis: Redis, prefix: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const key of (await redis.keys(`${prefix}:*`)).sort()) {
    const name = key.slice(prefix.length + 1);
    if (RESTORED.test(name)) found[name] = await contentOf(redis, key);
  }
  return found;
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash': {
      const fields = await redis.hgetall(key);
      return Object.fromEntries(Object.entries(fields).filter(([field]) => !NOT_RESTORED.includes(field)));
    }
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return (await redis.smembers(key)).sort();
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    default:
      // A bitmap may hold any bytes; sums and settings are text.
      return (await redis.getBuffer(key))?.toString('latin1');
  }
}

/** A sum that came to nothing may be missing. The money of all months counts as one sum: the model's sends and answers differ in their time. */
export function sumsIn(contents: Record<string, unknown>): Record<string, unknown> {
  let committed = 0;
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(contents)) {
    if (name.startsWith('committed')) committed += Number(value);
    else if (!/^(usage:|open$|job:.*:usage$)/.test(name)) kept.push([name, value]);
    else {
      const sums = Object.entries(value ?? {}).filter(([, sum]) => sum !== '0');
      if (sums.length > 0) kept.push([name, Object.fromEntries(sums)]);
    }
  }
  return { ...Object.fromEntries(kept), committed };
}

/** Redis knows the installation, as after its first start, or after `storage adopt --empty`. */
export async function know({ redis, keys }: Space): Promise<void> {
  await redis.hset(keys.installation, { id: 'inst_test' });
}

export async function loseEverything({ redis, keys }: Space): Promise<void> {
  const all = await redis.keys(`${keys.root}:*`);
  if (all.length > 0) await redis.unlink(...all);
}

/** A worker's claim on the recovery, on a connection of its own. */
export async function claimIn({ keys, recovery }: Space, { era = '' } = {}) {
  const access = accessTo(await openRedis(), keys.root);
  await recovery.ask({ go: false, by: 'admin' });
  const claim = await claimRecovery(access, era);
  return { claim, restoration: createRestoration(access, claim) };
}

export async function recoverFrom(storage: Backend, space: Space): Promise<void> {
  const { restoration } = await claimIn(space);
  for (const stored of await listSnapshots(storage)) {
    const snapshot = await readSnapshot(storage, stored);
    if (snapshot === null) throw new Error('it is gone');
    const { owner } = stored;
    if ('id' in owner) await restoration.restoreJob(owner, snapshot);
    else await restoration.restoreTenant(owner.tenant, snapshot);
  }
}

/** A Redis that has lost everything, and the snapshot of a job that it had. */
export async function keptSpace() {
  const storage = await openStorage();
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  await createSnapshots(space, storage).keepJob(job);
  const [listed] = await listSnapshots(storage);
  const stored = listed && (await readSnapshot(storage, listed));
  if (!stored) throw new Error('there is no snapshot');
  await loseEverything(space);
  return { storage, space, job, stored };
}
