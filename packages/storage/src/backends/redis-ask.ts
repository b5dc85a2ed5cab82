import { Redis } from 'ioredis';
import { type GroupAddress, nodeName, type RedisNode } from './redis-address.js';

/** Which server is the primary, according to one node. */
export interface Opinion {
  readonly primary: RedisNode;
  /** How many fail-overs the node knows of. Of two opinions, the one with the higher count is newer. */
  readonly epoch: number;
  /** Other nodes that can be asked. */
  readonly others: readonly RedisNode[];
  /** How long a primary must be silent before sentinels choose another. */
  readonly downAfterMs?: number;
}

const ANSWER_WITHIN_MS = 500;

/** Asks one node after another who the primary is. Connections stay open until `close`. */
export interface Asking {
  ask(node: RedisNode): Promise<Opinion>;
  close(): void;
}

/** `key`: a key of the slot whose owner is the primary of a cluster. */
export function createAsking(address: GroupAddress, key: string): Asking {
  const open = new Map<string, Redis>();
  const connect = (node: RedisNode) => {
    const redis = new Redis({
      ...node,
      ...address.nodesLogin,
      ...(address.isTls && { tls: {} }),
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      protocol: 2,
    });
    // Without a listener ioredis prints errors to the console. A failed question reports its error itself.
    redis.on('error', (error: Error) => failures.set(redis, error));
    open.set(nodeName(node), redis);
    return redis;
  };
  const failures = new WeakMap<Redis, Error>();
  const opinionOf = async (redis: Redis, node: RedisNode): Promise<Opinion> => {
    if (redis.status === 'wait') await redis.connect();
    return address.kind === 'sentinel' ? askSentinel(redis, address.name) : askNode(redis, node, key);
  };
  return {
    async ask(node) {
      const redis = open.get(nodeName(node)) ?? connect(node);
      try {
        return await inTime(opinionOf(redis, node));
      } catch (error) {
        redis.disconnect();
        open.delete(nodeName(node));
        throw new Error(`${nodeName(node)}: ${wordsOf(failures.get(redis) ?? error)}`, { cause: error });
      }
    },
    close() {
      for (const redis of open.values()) redis.disconnect();
      open.clear();
    },
  };
}

/** A server that hangs accepts connections and answers nothing, not even the first commands on them. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function askSentinel(redis: Redis, name: string): Promise<Opinion> {
  const [address, fields] = await Promise.all([
    redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
    redis.call('SENTINEL', 'MASTER', name),
  ]);
  const [host, port] = textsOf(address);
  const texts = textsOf(fields);
  const fieldOf = (field: string) => Number(texts[texts.indexOf(field) + 1]);
  if (host === undefined || port === undefined) throw new Error(`knows no primary that is named ${name}`);
  const downAfterMs = fieldOf('down-after-milliseconds');
  return { primary: { host, port: Number(port) }, epoch: fieldOf('config-epoch'), others: [], downAfterMs };
}

async function askNode(redis: Redis, asked: RedisNode, key: string): Promise<Opinion> {
  const [slot, nodes] = await Promise.all([redis.cluster('KEYSLOT', key), redis.cluster('NODES')]);
  return ownerIn(String(nodes), { slot: Number(slot), asked });
}

interface ClusterNode {
  readonly at: RedisNode;
  readonly flags: readonly string[];
  readonly epoch: number;
  readonly slots: readonly string[];
}

/** The owner of a slot in the answer to `CLUSTER NODES`. */
export function ownerIn(text: string, { slot, asked }: { slot: number; asked: RedisNode }): Opinion {
  const all = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseNodeLine(line, asked));
  const reachable = all.filter(({ flags }) => !flags.includes('noaddr'));
  const owner = reachable.find(
    ({ flags, slots }) => flags.includes('master') && slots.some((range) => has(range, slot)),
  );
  if (owner === undefined) throw new Error(`CLUSTERDOWN no node of the cluster has slot ${slot}`);
  return { primary: owner.at, epoch: owner.epoch, others: reachable.map(({ at }) => at) };
}

/** `<id> <ip>:<port>@<bus port>,<host> <flags> <primary> <ping> <pong> <epoch> <link> <slots…>`. */
function parseNodeLine(line: string, asked: RedisNode): ClusterNode {
  const [, address = '', flags = '', , , , epoch = '', , ...slots] = line.split(' ');
  const [, host = '', port = ''] = /^(.*):(\d+)(?:@|,|$)/.exec(address) ?? [];
  // A node that no other node has met yet does not know its own address.
  const at = { host: host === '' ? asked.host : host, port: Number(port) };
  return { at, flags: flags.split(','), epoch: Number(epoch), slots };
}

/** `range`: `5461-10922`, or one slot. A slot that is being moved is in brackets, and does not count. */
function has(range: string, slot: number): boolean {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return first !== '' && slot >= Number(first) && slot <= Number(last);
}

function textsOf(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
