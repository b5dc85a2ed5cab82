import { once } from 'node:events';
import { readdir, stat, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type RedisServer, type ReplicatedRedis, startRedisServer, startSentinels } from '@linkhaul/stack';

interface Place {
  readonly binary: string;
  readonly dir: string;
}

/** The Redis of a world, and ways to disturb it. */
export interface ChaosRedis {
  readonly url: string;
  /** The server that accepts writes. */
  primary(): Promise<RedisServer>;
  /** Sends one command to the primary. Resolves with the first line of its answer. */
  command(text: string): Promise<string>;
  /** Kills the primary. */
  kill(): Promise<void>;
  /** Marks the present end of the append-only file: no restart cuts off anything before it. */
  mark(): Promise<void>;
  /** Starts a killed server again, without the last bytes that it wrote since `mark`. */
  restart(lostBytes?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function oneRedis({ binary, dir }: Place): Promise<ChaosRedis> {
  let server = await startRedisServer({ binary, dir });
  const folder = join(dir, 'appendonlydir');
  let marked = 0;
  return {
    url: server.url,
    primary: async () => server,
    command: (text) => command(server.port, text),
    kill: () => server.child.kill(),
    async mark() {
      marked = (await stat(await appendOnlyFile(folder))).size;
    },
    async restart(lostBytes = 0) {
      if (lostBytes > 0) {
        const path = await appendOnlyFile(folder);
        await truncate(path, Math.max(marked, (await stat(path)).size - lostBytes));
      }
      server = await startRedisServer({ binary, dir, port: server.port });
    },
    stop: () => server.child.kill(),
  };
}

export async function redisWithSentinels(place: Place): Promise<ChaosRedis> {
  const group: ReplicatedRedis = await startSentinels(place);
  let killed: RedisServer | null = null;
  return {
    url: group.url,
    primary: group.primary,
    command: async (text) => command((await group.primary()).port, text),
    async kill() {
      killed = await group.primary();
      await killed.child.kill();
    },
    async mark() {},
    async restart() {
      if (killed !== null) await group.restart(killed);
    },
    stop: group.stop,
  };
}

async function appendOnlyFile(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'));
  if (name === undefined) throw new Error(`there is no append-only file in ${folder}`);
  return join(folder, name);
}

async function command(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${text}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer).split('\r\n')[0] ?? '';
}
