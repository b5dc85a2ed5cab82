import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { jsonOf } from '../redis/replies.js';
import { script } from '../scripts.js';

/** An idempotency key that a request holds. */
interface HeldKey {
  readonly tenant: string;
  /** The hash of the key's text, which may be long and hold any character. */
  readonly hash: string;
  /** The request that holds it, named by the id of the job that it is to make. */
  readonly owner: string;
}

/** A held key with a digest of what was sent. The same key with another digest is another request. */
export interface BoundKey extends HeldKey {
  readonly digest: string;
  /** The length of the decoded body. */
  readonly bytes: number;
}

export type KeyClaim =
  | { readonly kind: 'ours' }
  /** Another request holds the key, for at least this long unless it renews its claim. */
  | { readonly kind: 'busy'; readonly waitMs: number }
  | { readonly kind: 'done'; readonly jobId: string; readonly digest: string; readonly bytes: number };

/**
 * Which request an idempotency key belongs to. A claim ends by itself, so that the key is soon free again if the
 * process dies. Once the job is accepted, the key belongs to the job and is removed with it.
 */
export interface IdempotencyKeys {
  /** Renew a claim several times within this time. */
  readonly claimMs: number;
  /** Takes the key, or renews the claim of its owner. */
  claim(key: HeldKey): Promise<KeyClaim>;
  release(key: HeldKey): Promise<void>;
}

const claimKey = script<{ tenant: string; hash: string; owner: string; claim_ms: number }>()(
  'job/claim_key',
  jsonOf(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('ours') }),
      z.object({ kind: z.literal('busy'), wait_ms: z.number() }),
      z.object({ kind: z.literal('done'), job: z.string(), digest: z.string(), bytes: z.coerce.number() }),
    ]),
  ),
);

const releaseKey = script<{ tenant: string; hash: string; owner: string }>()('job/release_key', z.string());

export function createIdempotencyKeys({ run, timing }: Access): IdempotencyKeys {
  return {
    claimMs: timing.claimMs,
    async claim({ tenant, hash, owner }) {
      const claim = await run(claimKey, { tenant, hash, owner, claim_ms: timing.claimMs });
      if (claim.kind === 'busy') return { kind: 'busy', waitMs: claim.wait_ms };
      return claim.kind === 'done' ? { ...claim, jobId: claim.job } : claim;
    },
    async release({ tenant, hash, owner }) {
      await run(releaseKey, { tenant, hash, owner });
    },
  };
}

export function heldKey(text: string, job: { tenant: string; id: string }): HeldKey {
  return { tenant: job.tenant, hash: createHash('sha256').update(text).digest('hex'), owner: job.id };
}
