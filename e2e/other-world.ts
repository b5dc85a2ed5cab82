import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '@linkhaul/stack';
import { environment } from './env.js';
import { newPrefix, type WorldOptions } from './harness.js';
import { type AnswerCall, type OtherUpstream, type SentTask, startOtherUpstream } from './other-upstream.js';

/** The built processes over an upstream that shares no code with ours. */
export interface OtherWorld {
  readonly stack: Stack;
  readonly client: Stack['client'];
  readonly upstream: OtherUpstream;
  readonly dataDir: string;
  /** The tasks that the upstream got for a job, in order. */
  tasksOf(jobId: string): SentTask[];
  stop(): Promise<void>;
}

export async function startOtherWorld(
  answer: AnswerCall,
  { workers = 1, env = {} }: WorldOptions = {},
): Promise<OtherWorld> {
  const upstream = await startOtherUpstream(answer);
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const stack = await startStack({
    dataDir,
    workers,
    backlinks: false,
    env: {
      PATH: environment.PATH,
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: newPrefix(),
      UPSTREAM_URL: upstream.url,
      UPSTREAM_LOGIN: 'me',
      UPSTREAM_PASSWORD: 'secret',
      ...env,
    },
  });
  return {
    stack,
    client: stack.client,
    upstream,
    dataDir,
    tasksOf: (jobId) => upstream.tasks.filter(({ tag }) => tag.startsWith(`${jobId}.`)),
    async stop() {
      await stack.stop();
      upstream.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
