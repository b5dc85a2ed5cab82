import { join } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { spawnChild } from '../child.js';
import type { Environment } from '../env.js';
import { StackFailure } from '../failure.js';
import { builtApp, repositoryRoot } from '../repository.js';
import { crashedAt } from './last-words.js';
import { type Crash, type CrashedAt, crashEnv } from './points.js';

/** Longer than messages of a worker that died before need to be given out again, on a busy machine too. */
const DIES_WITHIN_MS = 240_000;

const preload = join(repositoryRoot, 'stack', 'dist', 'crash', 'preload.js');

/**
 * Runs a built worker, with its whole environment, until it has killed itself at the point. Throws where it does not come
 * there, or ends in another way.
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
  if (at === null) throw new StackFailure(`A worker did not come by ${crash.point}: ${how}\n${child.tail()}`);
  return at;
}
