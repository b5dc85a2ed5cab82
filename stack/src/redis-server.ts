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
    daemonize: 'no',
    ...options.settings,
  };
  let heard: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const child = await spawnChild({
    command: binary,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ifOrphaned: 'SIGTERM',
    onLine: (line) => void (line.includes('Ready to accept connections') && heard()),
  });
  await readyOrFailure({ name: 'Redis', child, ready, withinMs: READY_WITHIN_MS });
  return { url: `redis://127.0.0.1:${port}`, port, child };
}
