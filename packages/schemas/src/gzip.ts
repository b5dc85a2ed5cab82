/** The number of bytes that `isGzip` needs. */
export const GZIP_TELLS = 2;

/** Whether bytes begin a gzip file. A name or a header may be wrong about that. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** A whole body. If it came as gzip it stays so, because decompressed it may take twenty times the memory. */
export type BodyBytes<Bytes extends Uint8Array = Uint8Array> =
  | { readonly body: Bytes; readonly packed: null }
  | { readonly body: null; readonly packed: Bytes };
