import { createHash, randomBytes } from 'node:crypto';
import { type KeyScope, keyScope } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';

/** An API key of a tenant. Its secret is stored nowhere, only the secret's SHA-256. */
export interface StoredApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly scope: KeyScope;
  /** How the secret begins: `lh_Ab3d…`. */
  readonly hint: string;
  readonly createdAt: number;
  /** Accurate to a minute. Null before its first use. */
  readonly usedAt: number | null;
}

interface FreshApiKey {
  readonly key: StoredApiKey;
  readonly secret: string;
}

export interface ApiKeys {
  /** The key with this secret. Null if it was revoked or never existed. Notes that the key was used. */
  find(secret: string): Promise<StoredApiKey | null>;
  /** Whether the secret still belongs to a key. */
  counts(secret: string): Promise<boolean>;
  list(tenant: string): Promise<StoredApiKey[]>;
  /** Null if the tenant has as many keys as it may have. */
  create(tenant: string, key: { name: string; scope: KeyScope }): Promise<FreshApiKey | null>;
  /** Gives the key another secret; the old one no longer works. Null if there is no such key. */
  rotate(tenant: string, id: string): Promise<FreshApiKey | null>;
  /** False if there is no such key. */
  revoke(tenant: string, id: string): Promise<boolean>;
}

const PREFIX = 'lh_';
const SECRET = /^lh_[\w-]{43}$/;
const MOST_KEYS = 1_000;
const NOTE_USE_EVERY_MS = 60_000;
const MOST_REMEMBERED = 10_000;

const stored = z.object({
  id: z.string(),
  tenant: z.string(),
  name: z.string(),
  scope: keyScope,
  hint: z.string(),
  created_at: z.coerce.number(),
});

/** Without a hash the key is deleted. */
const changeKey = script<{ tenant: string; id: string; hash?: string; hint?: string }>()(
  'tenant/change_key',
  z.enum(['done', 'gone']),
);

/** Whether the text has the form of a key made here, and not of one that the operator has set. */
export function isMadeKey(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

export function createApiKeys({ redis, keys, run }: Access): ApiKeys {
  const noted = new Map<string, number>();
  const noteUse = async ({ tenant, id }: StoredApiKey) => {
    const now = performance.now();
    if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_USE_EVERY_MS) return;
    if (noted.size >= MOST_REMEMBERED) noted.clear();
    noted.set(id, now);
    await redis.hset(keys.apiKeysUsed(tenant), id, await redisNow(redis));
  };
  const read = async (hash: string): Promise<StoredApiKey | null> => {
    const parsed = stored.safeParse(await redis.hgetall(keys.apiKey(hash)));
    if (!parsed.success) return null;
    const { created_at: createdAt, ...same } = parsed.data;
    const used = await redis.hget(keys.apiKeysUsed(same.tenant), same.id);
    return { ...same, createdAt, usedAt: used === null ? null : Number(used) };
  };
  const readFresh = async (secret: string): Promise<FreshApiKey | null> => {
    const key = await read(hashOf(secret));
    return key === null ? null : { key, secret };
  };
  return {
    async find(secret) {
      if (!SECRET.test(secret)) return null;
      const key = await read(hashOf(secret));
      if (key !== null) await noteUse(key);
      return key;
    },
    counts: async (secret) => (await redis.exists(keys.apiKey(hashOf(secret)))) === 1,
    async list(tenant) {
      const hashes = await redis.hvals(keys.apiKeys(tenant));
      const found = (await Promise.all(hashes.map(read))).filter((key) => key !== null);
      return found.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async create(tenant, { name, scope }) {
      if ((await redis.hlen(keys.apiKeys(tenant))) >= MOST_KEYS) return null;
      const secret = newSecret();
      const id = `key_${randomBytes(10).toString('hex')}`;
      const fields = { id, tenant, name, scope, hint: hintOf(secret), created_at: await redisNow(redis) };
      await redis
        .multi()
        .hset(keys.apiKey(hashOf(secret)), fields)
        .hset(keys.apiKeys(tenant), id, hashOf(secret))
        .exec();
      return readFresh(secret);
    },
    async rotate(tenant, id) {
      const secret = newSecret();
      await run(changeKey, { tenant, id, hash: hashOf(secret), hint: hintOf(secret) });
      return readFresh(secret);
    },
    revoke: async (tenant, id) => (await run(changeKey, { tenant, id })) === 'done',
  };
}

/** 256 random bits need no slow hash: they cannot be guessed. */
function newSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

function hintOf(secret: string): string {
  return `${secret.slice(0, PREFIX.length + 4)}…`;
}

/** Keys are looked up by their hash, so that the time taken tells nothing about similar secrets. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
