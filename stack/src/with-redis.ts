import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCommand, type Terminal } from './entry.js';
import { environment } from './env.js';
import { StackFailure } from './failure.js';
import { openThrowawayRedis } from './redis.js';
import { repositoryRoot } from './repository.js';

/**
 * `node with-redis.js <command…>`: starts a Redis, runs the command with its address in `TEST_REDIS_URL`, stops the
 * Redis.
 */
async function withRedis(words: readonly string[], { say, interrupted }: Terminal): Promise<number> {
  const [command, ...args] = words;
  if (command === undefined)
    throw new StackFailure('Name the command to run: node stack/dist/with-redis.js vitest run');
  const redis = await openThrowawayRedis({ env: environment, mayInstall: true, say });
  try {
    const binaries = join(repositoryRoot, 'node_modules', '.bin');
    const env = {
      ...environment,
      PATH: `${binaries}${delimiter}${environment.PATH ?? ''}`,
      // On a busy machine Redis may take a second to answer, and must not count as unavailable.
      TEST_REDIS_URL: `${redis.url}?commandTimeout=60000`,
    };
    return await run(command, { args, env, interrupted });
  } finally {
    await redis.stop();
  }
}

interface RunOptions {
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly interrupted: AbortSignal;
}

/** The command shares this terminal, so Ctrl-C reaches the command directly. Only SIGTERM has to be passed on. */
function run(command: string, { args, env, interrupted }: RunOptions): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  interrupted.addEventListener('abort', () => void child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StackFailure(`${command} cannot be run: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
  });
}

await runCommand('with-redis', (terminal) => withRedis(process.argv.slice(2), terminal));
