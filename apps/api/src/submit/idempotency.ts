import { createHash } from 'node:crypto';
import { type BoundKey, CLAIM_MS, heldKey, type KeyClaim } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Context } from 'hono';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import type { Pass } from './admission.js';
import { admitted } from './admitted.js';

const KEY = /^[\x20-\x7e]{1,255}$/;
const RENEWALS_A_CLAIM = 4;

type Fields = Readonly<Record<string, string>>;
type Claiming = Pick<Services, 'idempotency' | 'logger'>;

/** What a request was, taken while its body streams: the decoded bytes and the sorted query. */
interface RequestDigest {
  add(chunk: Buffer): void;
  /** Of the body so far. */
  readonly bytes: number;
  /** Of what was added so far. */
  read(): Pick<BoundKey, 'digest' | 'bytes'>;
}

/** A key in the hands of this request, renewed until it is let go. */
export interface KeyHold {
  readonly digest: RequestDigest;
  /** The key with all that was sent under it. */
  bound(): BoundKey;
  /** Free for another request, unless a job was accepted under it. */
  release(): Promise<void>;
  /** Renewed no longer: either its job has it, or it is free when the claim ends. */
  leave(): void;
}

/**
 * Takes the key of a request that has one: null where it has none, the job where the key stands for one already. Refuses
 * while another request with it is under way.
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
    // A claim that is lost is found out when the job is accepted.
    services.idempotency.claim(key).catch(() => undefined);
  }, CLAIM_MS / RENEWALS_A_CLAIM);
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

/** Another request with the same key has not come to its end; what it will be is not known yet. */
export function busy(waitMs: number): ApiProblem {
  return new ApiProblem('idempotency_key_busy', 'The first request with this key is still under way: send it again.', {
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  });
}

/** Reads a body to its end, keeping none of it, and refuses it where it is not the one that the key stands for. */
export async function requireSame(
  c: Context<AppEnv>,
  first: Pick<BoundKey, 'digest' | 'bytes'>,
  { query, pass }: { readonly query: Fields; readonly pass: Pass },
): Promise<void> {
  const digest = digestOf(query);
  try {
    for await (const _ of admitted(c, pass, digest.add)) {
      // What is longer already need not be read to its end.
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
