import { createHash } from 'node:crypto';
import { hostOf, isPage, normaliseTarget, registrableDomain } from '@linkhaul/schemas';
import type { BulkOptions, ListOptions } from './options.js';

/** A target as it was asked for, and by what it is found in the tables. */
export interface Target {
  readonly given: string;
  /** The URL of a page, else a host. */
  readonly key: string;
  readonly isPage: boolean;
  readonly domain: string;
}

/** A bulk task that was judged. */
export interface BulkCall {
  readonly targets: readonly Target[];
  readonly options: BulkOptions;
}

/** A list task that was judged, but for its filters. */
export interface ListCall {
  readonly target: Target;
  readonly options: ListOptions;
}

/** Null for what the endpoint does not take: no host, a page without its scheme, a page where only hosts are taken. */
export function targetOf(given: string, acceptsPages: boolean): Target | null {
  // Half of a surrogate pair is no text: nothing could echo it.
  if (given !== given.trim() || /\p{Surrogate}/u.test(given)) return null;
  const normalised = normaliseTarget(given, { as: 'given', keepWww: true, acceptsPages });
  if (!normalised.ok) return null;
  const key = normalised.target;
  return { given, key, isPage: isPage(key), domain: registrableDomain(hostOf(key)) };
}

/** By what the kept aggregates are indexed: DuckDB's `md5_number_lower`, the digest's last eight bytes. */
export function keyHash(key: string): bigint {
  return createHash('md5').update(key).digest().readBigUInt64LE(8);
}
