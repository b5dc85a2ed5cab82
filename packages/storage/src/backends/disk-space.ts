import { statfs } from 'node:fs/promises';

/** With less space than this, or than this share of a small disk, the answers of calls in flight may not fit. */
const LEAST_BYTES = 16 * 1024 * 1024;
const LEAST_SHARE = 0.01;

/** Rejects as a write to a full disk would, while there is still room for the writes under way. */
export async function requireSpace(folder: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= Math.min(LEAST_BYTES, blocks * bsize * LEAST_SHARE)) return;
  throw Object.assign(new Error(`ENOSPC: only ${free} bytes are left on the disk`), { code: 'ENOSPC' });
}
