import type { BodyBytes } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { compressBytes, decompressBytes } from './parts.js';
import { type AttemptRef, paths } from './paths.js';

/**
 * Keeps a body that came whole and is no answer of the API: whether it is what was paid for, the upstream's record tells.
 * First write wins.
 */
export async function keepBody(
  backend: Backend,
  { job, call, attempt }: AttemptRef,
  { body, packed }: BodyBytes,
): Promise<void> {
  await backend.create(paths.keptBody(job, call, attempt), packed ?? (await compressBytes(body)));
}

/** Bytes that cannot be inflated any more count as none. */
export async function readKeptBody(backend: Backend, { job, call, attempt }: AttemptRef): Promise<Buffer | null> {
  const bytes = await backend.get(paths.keptBody(job, call, attempt));
  return bytes === null ? null : decompressBytes(bytes).catch(() => null);
}
