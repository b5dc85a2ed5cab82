import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** A folder that this process takes for its temporary one, until it is removed. */
export async function ownTemporaryFolder(): Promise<{ names(): Promise<string[]>; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-test-'));
  vi.stubEnv('TMPDIR', folder);
  return {
    names: () => readdir(folder),
    async remove() {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    },
  };
}
