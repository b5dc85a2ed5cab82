import { join } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { spawnChild } from '../child.js';
import type { Environment } from '../env.js';
import { StackFailure } from '../failure.js';
import { builtApp, repositoryRoot } from '../repository.js';
import { crashedAt } from './last-words.js';
import { type Crash, type CrashedAt, crashEnv } from './points.js';

/** BullMQ hands out a dead worker's messages again after some 14 s; a busy machine needs longer. */
const DIES_WITHIN_MS = 240_000;

const preload = join(repositoryRoot, 'stack', 'dist', 'crash', 'preload.js');

/**
 * Runs a built worker until it kills itself at the crash point. `env` is its whole environment. Throws if the worker
 * does not reach the point or ends in another way.
 */
export async function runDoomedWorker(crash: Crash, env: Environment): Promise<CrashedAt> {
  const child = await spawnChild({
    command: execPath,
    args: ['--import', pathToFileURL(preload).href, builtApp('worker')],
    env: { ...env, ...crashEnv(crash) },
    ifOrphaned: 'SIGKILL',
  });
  const late = setTimeout(() => void child.kill(), DIES_WITHIN_MS);
  const how = await child.exited;
  clearTimeout(late);
  const at = crashedAt(child.tail());
  if (at === null) throw new StackFailure(`A worker did not reach ${crash.point}: ${how}\n${child.tail()}`);
  return at;
}
