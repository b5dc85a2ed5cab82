import { readWorkerEnv, type WorkerEnv } from '../src/env.js';
import { REDIS_URL } from './redis.js';

/** The settings of a worker with these variables. Without them, its upstream cannot be reached. */
export function workerEnv(variables: Readonly<Record<string, string>> = {}): WorkerEnv {
  const credentials = 'UPSTREAM_LOGIN' in variables ? {} : { UPSTREAM_TOKEN: 'x' };
  const result = readWorkerEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', REDIS_URL, ...credentials, ...variables });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.env;
}
