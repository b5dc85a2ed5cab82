import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StackFailure } from './failure.js';
import { freePort } from './free-port.js';
import { type RedisServer, startRedisServer, startSentinel } from './redis-server.js';

/** Several Redis servers on the loopback interface. If the primary dies, another server takes its place. */
export interface ReplicatedRedis {
  /** In the form of REDIS_URL. */
  readonly url: string;
  readonly servers: readonly RedisServer[];
  /** The current primary; in a cluster, the owner of the prefix's slot. */
  primary(): Promise<RedisServer>;
  /** Starts a server again, on its port and in its folder. It becomes a replica if another server is the primary by now. */
  restart(server: RedisServer): Promise<void>;
  /** Sends one command to a server and resolves with its answer. */
  ask(server: RedisServer, ...command: string[]): Promise<string>;
  stop(): Promise<void>;
}

interface Place {
  readonly binary: string;
  /** Each server gets a folder below it. */
  readonly dir: string;
}

/** The names that clients and sentinels give the primary. */
const NAME = 'linkhaul';
const SENTINELS = 3;
const SERVERS = 3;
const QUORUM = 2;
/** How long a primary must be silent before another takes its place. */
const DOWN_AFTER_MS = 4_000;
const READY_WITHIN_MS = 60_000;

/** A primary that is cut off from its replicas must stop accepting writes before another server takes its place. */
const DURABLE = { 'min-replicas-to-write': '1', 'min-replicas-max-lag': '2', 'repl-diskless-sync-delay': '0' };

/** A primary, two replicas, and three sentinels that watch them. */
export async function startSentinels({ binary, dir }: Place): Promise<ReplicatedRedis> {
  const group = createGroup(binary);
  const first = await group.start(join(dir, 'server-1'));
  for (let at = 2; at <= SERVERS; at++) {
    await group.start(join(dir, `server-${at}`), { replicaof: `127.0.0.1 ${first.port}` });
  }
  await until('the replicas', async () => (await group.ask(first, 'INFO', 'replication')).includes('good_slaves:2'));
  const config = [
    `sentinel monitor ${NAME} 127.0.0.1 ${first.port} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 10000`,
  ];
  const sentinels: RedisServer[] = [];
  for (let at = 1; at <= SENTINELS; at++) {
    sentinels.push(await startSentinel({ binary, dir: await folder(dir, `sentinel-${at}`), config }));
  }
  const hasMet = async (sentinel: RedisServer) =>
    /num-slaves\n2\nnum-other-sentinels\n2\n/.test(await group.ask(sentinel, 'SENTINEL', 'MASTER', NAME));
  await until('the sentinels', async () => (await Promise.all(sentinels.map(hasMet))).every(Boolean));

  const living = () => sentinels.find(({ child }) => child.running) ?? missing('sentinel');
  return {
    ...group,
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    primary: async () => {
      const address = await group.ask(living(), 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
      return group.at(Number(address.split('\n')[1]));
    },
    async stop() {
      await Promise.all([...sentinels.map(({ child }) => child.stop()), group.stop()]);
    },
  };
}

const MASTERS = 3;

/** Three masters, and two replicas of the one that has the prefix's slot, so that one replica is left once it is dead. */
export async function startCluster({ binary, dir, prefix }: Place & { prefix: string }): Promise<ReplicatedRedis> {
  const group = createGroup(binary, {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '3000',
    'cluster-allow-replica-migration': 'no',
  });
  for (let at = 1; at <= MASTERS + 2; at++) {
    await group.start(join(dir, `server-${at}`), { 'cluster-port': String(await freePort()) });
  }
  const nodes = group.servers.map(({ port }) => `127.0.0.1:${port}`);
  const cli = (...words: string[]) => group.run('--cluster', ...words, '--cluster-yes');
  await cli('create', ...nodes.slice(0, MASTERS));
  const key = `{${prefix}}`;
  const primary = async () => {
    const node = group.servers.find(({ child }) => child.running) ?? missing('node');
    const moved = /MOVED \d+ \S+:(\d+)/.exec(await group.ask(node, 'GET', key));
    return moved === null ? node : group.at(Number(moved[1]));
  };
  const owner = await primary();
  const [id] = (await group.ask(owner, 'CLUSTER', 'MYID')).split('\n');
  for (const node of nodes.slice(MASTERS)) {
    await cli('add-node', node, `127.0.0.1:${owner.port}`, '--cluster-slave', '--cluster-master-id', `${id}`);
  }
  await until('the replicas', async () => (await group.ask(owner, 'INFO', 'replication')).includes('good_slaves:2'));
  const isWell = async (server: RedisServer) => {
    const [info, known] = await Promise.all([
      group.ask(server, 'CLUSTER', 'INFO'),
      group.ask(server, 'CLUSTER', 'NODES'),
    ]);
    return info.includes('cluster_state:ok') && known.trim().split('\n').length === nodes.length;
  };
  await until('the cluster', async () => (await Promise.all(group.servers.map(isWell))).every(Boolean));
  return { ...group, url: `redis+cluster://${nodes.slice(0, 2).join(',')}`, primary };
}

/** Servers with common settings. */
function createGroup(binary: string, common: Readonly<Record<string, string>> = {}) {
  const servers: RedisServer[] = [];
  const started = new Map<number, { dir: string; settings: Readonly<Record<string, string>> }>();
  const run = async (...words: string[]) => (await promisify(execFile)(cliOf(binary), words)).stdout;
  return {
    servers,
    run,
    at: (port: number) => servers.find((server) => server.port === port) ?? missing(`server at port ${port}`),
    ask: (server: RedisServer, ...command: string[]) => run('-p', String(server.port), ...command),
    async start(dir: string, own: Readonly<Record<string, string>> = {}) {
      await mkdir(dir, { recursive: true });
      const settings = { ...DURABLE, ...common, ...own };
      const server = await startRedisServer({ binary, dir, settings });
      started.set(server.port, { dir, settings });
      servers.push(server);
      return server;
    },
    async restart({ port }: RedisServer) {
      const how = started.get(port) ?? missing(`server at port ${port}`);
      const place = servers.findIndex((server) => server.port === port);
      servers[place] = await startRedisServer({ binary, port, ...how });
    },
    async stop() {
      await Promise.all(servers.map(({ child }) => child.kill()));
    },
  };
}

/** `redis-cli` beside `redis-server`, or `valkey-cli` beside `valkey-server`. */
function cliOf(binary: string): string {
  return join(dirname(binary), binary.endsWith('valkey-server') ? 'valkey-cli' : 'redis-cli');
}

async function folder(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(path, { recursive: true });
  return path;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + READY_WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new StackFailure(`${what} did not become ready`);
    await sleep(100);
  }
}

function missing(what: string): never {
  throw new StackFailure(`there is no ${what}`);
}
