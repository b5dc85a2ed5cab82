import type { Backend } from './backend.js';
import { compressBytes, decompressBytes, MissingObject } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** A further part of a copied list, from 1 on. The answer itself has the first part. */
interface CopiedPart {
  readonly job: JobRef;
  readonly call: number;
  readonly name: string;
  readonly part: number;
}

/** Called before the answer that names the part is stored. A part that is never named is removed with its job. */
export async function writeCopiedPart(backend: Backend, at: CopiedPart, items: Uint8Array): Promise<void> {
  await backend.put(paths.copiedPart(at.job, at), await compressBytes(items));
}

/** Throws an error that `isBroken` recognises if the bytes are missing or have changed. */
export async function readCopiedPart(backend: Backend, at: CopiedPart): Promise<Buffer> {
  const path = paths.copiedPart(at.job, at);
  const packed = await backend.get(path);
  if (packed === null) throw new MissingObject(path);
  return decompressBytes(packed);
}
