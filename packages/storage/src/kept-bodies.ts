import type { BodyBytes } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { compressBytes, decompressBytes } from './parts.js';
import { type AttemptRef, paths } from './paths.js';

/**
 * Keeps a body that came whole and is not an answer of the API. The upstream's record shows whether it was paid for. First
 * write wins.
 */
export async function keepBody(
  backend: Backend,
  { job, call, attempt }: AttemptRef,
  { body, packed }: BodyBytes,
): Promise<void> {
  await backend.create(paths.keptBody(job, call, attempt), packed ?? (await compressBytes(body)));
}

/** Bytes that can no longer be decompressed count as missing. */
export async function readKeptBody(backend: Backend, { job, call, attempt }: AttemptRef): Promise<Buffer | null> {
  const bytes = await backend.get(paths.keptBody(job, call, attempt));
  return bytes === null ? null : decompressBytes(bytes).catch(() => null);
}
