/** Bytes from which `isGzip` can tell. */
export const GZIP_TELLS = 2;

/** Whether bytes begin a gzip file: what a name or a header says of them need not be so. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}
