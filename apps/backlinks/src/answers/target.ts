import { createHash } from 'node:crypto';
import { hostOf, isPage, normaliseTarget, registrableDomain } from '@linkhaul/schemas';
import type { BulkOptions, ListOptions } from './options.js';

/** A target as spelled in the request, and its keys in the tables. */
export interface Target {
  readonly given: string;
  /** The URL of a page, else a host. */
  readonly key: string;
  readonly isPage: boolean;
  readonly domain: string;
}

/** The account of a request, and the request's time. */
export interface Account {
  readonly login: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a `search_after_token` is valid; null if it never expires. */
  readonly tokensLastMs: number | null;
}

/** A validated task of a bulk endpoint. */
export interface BulkCall {
  readonly targets: readonly Target[];
  readonly options: BulkOptions;
}

/** A task of a list endpoint, validated except for its filters. */
export interface ListCall {
  readonly target: Target;
  readonly options: ListOptions;
}

/**
 * Null if the endpoint does not accept the target: not a host, a page without a scheme, a page where only hosts are
 * accepted.
 */
export function targetOf(given: string, acceptsPages: boolean): Target | null {
  // A lone surrogate cannot be encoded in UTF-8, so no answer could echo this target.
  if (given !== given.trim() || /\p{Surrogate}/u.test(given)) return null;
  const normalised = normaliseTarget(given, { as: 'given', keepWww: true, acceptsPages });
  if (!normalised.ok) return null;
  const key = normalised.target;
  return { given, key, isPage: isPage(key), domain: registrableDomain(hostOf(key)) };
}

/** The registrable domain of a target. */
export function domainOf({ domain }: Target): Target {
  return { given: domain, key: domain, isPage: false, domain };
}

/** The index key of the precomputed aggregates: DuckDB's `md5_number_lower`, the last eight bytes of the digest. */
export function keyHash(key: string): bigint {
  return createHash('md5').update(key).digest().readBigUInt64LE(8);
}
