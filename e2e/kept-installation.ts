import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '@linkhaul/stack';
import { environment } from './env.js';
import { newPrefix, SCALED } from './harness.js';

interface Start {
  readonly workers: number;
  readonly env?: Record<string, string>;
}

/** Services over the test's own upstream. Redis and the data folder keep their data from one start to the next. */
export interface KeptInstallation {
  readonly storageDir: string;
  start(options: Start): Promise<Stack>;
  /** Stops what is still running, and removes the folder. */
  close(): Promise<void>;
}

export async function openInstallation(upstreamUrl: string): Promise<KeptInstallation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const started: Stack[] = [];
  const kept = {
    ...SCALED,
    PATH: environment.PATH,
    REDIS_URL: environment.TEST_REDIS_URL,
    REDIS_PREFIX: newPrefix(),
    UPSTREAM_URL: upstreamUrl,
    UPSTREAM_LOGIN: 'me',
    UPSTREAM_PASSWORD: 'secret',
  };
  return {
    storageDir: join(dataDir, 'storage'),
    async start({ workers, env = {} }) {
      const stack = await startStack({ dataDir, workers, backlinks: false, env: { ...kept, ...env } });
      started.push(stack);
      return stack;
    },
    async close() {
      for (const stack of started) await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
