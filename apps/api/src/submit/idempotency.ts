import { createHash } from 'node:crypto';
import { type BoundKey, heldKey, type KeyClaim } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Context } from 'hono';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import type { Pass } from './admission/admission.js';
import { admitted } from './admission/admitted.js';

const KEY = /^[\x20-\x7e]{1,255}$/;
const RENEWALS_A_CLAIM = 4;

type Fields = Readonly<Record<string, string>>;
type Claiming = Pick<Services, 'idempotency' | 'logger'>;

/** The digest of a request: of its sorted query and its decoded body, added as it streams in. */
interface RequestDigest {
  add(chunk: Buffer): void;
  /** Bytes of the body so far. */
  readonly bytes: number;
  /** The digest so far. */
  read(): Pick<BoundKey, 'digest' | 'bytes'>;
}

/** A key that this request holds, renewed until it is released. */
export interface KeyHold {
  readonly digest: RequestDigest;
  /** The key with the digest of its request. */
  bound(): BoundKey;
  /** Frees the key for another request, unless a job was accepted with it. */
  release(): Promise<void>;
  /** Stops the renewal: the key now belongs to its job, or becomes free when the claim expires. */
  leave(): void;
}

/**
 * Claims the request's idempotency key. Returns null if the request has none, and the job if one was accepted with the key.
 * Refuses while another request with the key is under way.
 */
export async function takeKey(
  c: Context<AppEnv>,
  { job, query }: { job: JobRef; query: Fields },
  services: Claiming,
): Promise<KeyHold | Extract<KeyClaim, { kind: 'done' }> | null> {
  const text = c.req.header('idempotency-key');
  if (text === undefined) return null;
  if (!KEY.test(text)) throw invalidRequest('Idempotency-Key', 'must be 1 to 255 printable ASCII characters');
  const key = heldKey(text, job);
  const claim = await services.idempotency.claim(key);
  if (claim.kind === 'done') return claim;
  if (claim.kind === 'busy') throw busy(claim.waitMs);
  const renewal = setInterval(() => {
    // A lost claim is detected when the job is accepted.
    services.idempotency.claim(key).catch(() => undefined);
  }, services.idempotency.claimMs / RENEWALS_A_CLAIM);
  const digest = digestOf(query);
  return {
    digest,
    bound: () => ({ ...key, ...digest.read() }),
    leave: () => clearInterval(renewal),
    async release() {
      clearInterval(renewal);
      await services.idempotency
        .release(key)
        .catch((err: unknown) => services.logger.warn({ err }, 'key not released'));
    },
  };
}

/** The refusal while another request with the same key is under way: its outcome is not known yet. */
export function busy(waitMs: number): ApiProblem {
  return new ApiProblem('idempotency_key_busy', 'The first request with this key is still under way: send it again.', {
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  });
}

/** Reads a body without keeping it, and refuses it if it differs from the body that was first sent with the key. */
export async function requireSame(
  c: Context<AppEnv>,
  first: Pick<BoundKey, 'digest' | 'bytes'>,
  { query, pass }: { readonly query: Fields; readonly pass: Pass },
): Promise<void> {
  const digest = digestOf(query);
  try {
    for await (const _ of admitted(c, pass, digest.add)) {
      // A body that is already longer must be another one.
      if (digest.bytes > first.bytes) break;
    }
  } finally {
    pass.leave();
  }
  const second = digest.read();
  if (second.bytes === first.bytes && second.digest === first.digest) return;
  throw new ApiProblem(
    'idempotency_key_reused',
    'This Idempotency-Key was sent with another body or query: take a new key for a new job.',
  );
}

function digestOf(query: Fields): RequestDigest {
  const pairs = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(`${JSON.stringify(pairs)}\n`);
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add(chunk) {
      hash.update(chunk);
      bytes += chunk.length;
    },
    read: () => ({ digest: hash.copy().digest('hex'), bytes }),
  };
}
