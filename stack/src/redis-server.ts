import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, spawnChild } from './child.js';
import { StackFailure } from './failure.js';
import { freePort } from './free-port.js';
import { readyOrFailure } from './readiness.js';

export interface RedisServerOptions {
  readonly binary: string;
  /** The folder of the append-only file. */
  readonly dir: string;
  /** Default: any free port. Tests set it to restart a server on its old port. */
  readonly port?: number;
  /** Settings of redis.conf that replace the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly child: Child;
}

const TRIES = 3;
const READY_WITHIN_MS = 60_000;

/** Starts a Redis on the loopback interface with an append-only file, no eviction and no snapshots. */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  if (options.port !== undefined) return startOn(options, options.port);
  // Another program may take the free port before Redis binds it.
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(options, await freePort());
    } catch (error) {
      const taken = error instanceof StackFailure && error.message.includes('Address already in use');
      if (!taken || attempt === TRIES) throw error;
    }
  }
}

async function startOn(options: RedisServerOptions, port: number): Promise<RedisServer> {
  const { binary, dir } = options;
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    // A job's description is longer than 64 bytes, the default up to which Redis stores a hash compactly.
    'hash-max-listpack-value': '1024',
    daemonize: 'no',
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawnServer(binary, { args, port, readyLine: 'Ready to accept connections' });
}

interface SentinelOptions extends Pick<RedisServerOptions, 'binary' | 'dir'> {
  /** The lines of the sentinel's configuration file about what it watches. The sentinel itself also writes to that file. */
  readonly config: readonly string[];
}

/** Starts a sentinel on the loopback interface. */
export async function startSentinel({ binary, dir, config }: SentinelOptions): Promise<RedisServer> {
  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, ...config, ''].join('\n'));
  return spawnServer(binary, { args: [file, '--sentinel'], port, readyLine: '+monitor' });
}

interface Spawning {
  readonly args: readonly string[];
  readonly port: number;
  readonly readyLine: string;
}

async function spawnServer(command: string, { args, port, readyLine }: Spawning): Promise<RedisServer> {
  let heard: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const onLine = (line: string) => void (line.includes(readyLine) && heard());
  const child = await spawnChild({ command, args, ifOrphaned: 'SIGTERM', onLine });
  await readyOrFailure({ name: 'Redis', child, ready, withinMs: READY_WITHIN_MS });
  return { url: `redis://127.0.0.1:${port}`, port, child };
}
