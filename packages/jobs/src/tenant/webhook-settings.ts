import { randomBytes } from 'node:crypto';
import { type WebhookEventName, webhookEventName } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';

/** Where a tenant's events go if their job has no webhook of its own. */
export interface DefaultWebhook {
  readonly url: string;
  /** Null: all events. */
  readonly events: readonly WebhookEventName[] | null;
  /** Whether private addresses are allowed, as decided when it was set. */
  readonly allowPrivate: boolean;
}

/** What a tenant has set for its webhooks: where they go, and what they are signed with. */
export interface WebhookSettings {
  defaultOf(tenant: string): Promise<DefaultWebhook | null>;
  /** Null removes it. Jobs that were accepted before keep their webhook. */
  setDefault(tenant: string, webhook: DefaultWebhook | null): Promise<void>;
  /** The secret for checking signatures: the tenant's own, or else `fallback`, or one that is made now and kept. */
  secretOf(tenant: string, fallback: string | null): Promise<string>;
  /** The secrets to sign with: that of `secretOf`, and each earlier one for a day after its change, the newest first. */
  signingSecrets(tenant: string, fallback: string | null): Promise<string[]>;
  hasSecret(tenant: string): Promise<boolean>;
  /** Makes a new secret, which is valid at once. */
  rotateSecret(tenant: string): Promise<string>;
}

const OVERLAP_MS = 24 * 3_600_000;
/** The signatures of ten old secrets add about 600 bytes to a request's head. */
const MOST_OLD = 10;

const rotateSecret = script<{ tenant: string; fresh: string; overlap_ms: number; most_old: number }>()(
  'tenant/rotate_secret',
  z.string(),
);

const storedDefault = z.object({
  url: z.string(),
  events: z.array(webhookEventName).nullable(),
  allowPrivate: z.boolean(),
});

export function createWebhookSettings({ redis, keys, run }: Access): WebhookSettings {
  const secretOf = async (tenant: string, fallback: string | null): Promise<string> => {
    const own = await redis.get(keys.webhookSecret(tenant));
    if (own !== null) return own;
    if (fallback !== null) return fallback;
    const fresh = newSecret();
    await redis
      .multi()
      .setnx(keys.webhookSecret(tenant), fresh)
      .zadd(keys.unkept, await redisNow(redis), tenant)
      .exec();
    return (await redis.get(keys.webhookSecret(tenant))) ?? fresh;
  };
  return {
    async defaultOf(tenant) {
      const text = await redis.get(keys.defaultWebhook(tenant));
      return text === null ? null : storedDefault.parse(JSON.parse(text));
    },
    async setDefault(tenant, webhook) {
      if (webhook === null) await redis.del(keys.defaultWebhook(tenant));
      else await redis.set(keys.defaultWebhook(tenant), JSON.stringify(webhook));
    },
    secretOf,
    async signingSecrets(tenant, fallback) {
      const [secret, now] = await Promise.all([secretOf(tenant, fallback), redisNow(redis)]);
      return [secret, ...(await redis.zrevrangebyscore(keys.oldWebhookSecrets(tenant), '+inf', `(${now}`))];
    },
    hasSecret: async (tenant) => (await redis.exists(keys.webhookSecret(tenant))) === 1,
    async rotateSecret(tenant) {
      const fresh = newSecret();
      await run(rotateSecret, { tenant, fresh, overlap_ms: OVERLAP_MS, most_old: MOST_OLD });
      return fresh;
    },
  };
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
