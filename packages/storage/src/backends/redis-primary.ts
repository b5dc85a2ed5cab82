import type { Socket } from 'node:net';
import { type GroupAddress, nodeName, type RedisNode } from './redis-address.js';
import { createAsking, type Opinion } from './redis-ask.js';

const LOOK_EVERY_MS = 1_000;

/** Knows which of several servers is the primary. */
export interface Primary {
  /** Asks the nodes for it. Rejects with their errors if none of them knows. */
  find(): Promise<RedisNode>;
  /**
   * Closes a connection to a server as soon as another server is the primary, so that its owner connects again. A server
   * that was cut off, or has lost power, does not close the connection itself.
   */
  follow(stream: Socket, to: RedisNode): void;
  /** How long it must be silent before sentinels choose another. Null if it was not found yet, or in a cluster. */
  downAfterMs(): number | null;
  /** The primary as it was last found, or else the nodes that can name it. */
  words(): string;
}

const primaries = new WeakMap<GroupAddress, Primary>();

/** One for all connections of a process. In a cluster it is the owner of the key's slot. */
export function primaryOf(address: GroupAddress, key: string): Primary {
  const primary = primaries.get(address) ?? createPrimary(address, key);
  primaries.set(address, primary);
  return primary;
}

function createPrimary(address: GroupAddress, key: string): Primary {
  const asking = createAsking(address, key);
  const followed = new Map<Socket, string>();
  let nodes = address.nodes;
  let last: Opinion | null = null;
  let finding: Promise<RedisNode> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const find = async (): Promise<RedisNode> => {
    const answers = await Promise.allSettled(nodes.map((node) => asking.ask(node)));
    last = newest(answers);
    const { primary, others } = last;
    nodes = distinct([...address.nodes, ...others]);
    for (const [stream, name] of followed) if (name !== nodeName(primary)) stream.destroy();
    return primary;
  };
  /** Concurrent callers share one round of questions. */
  const findOnce = () => {
    finding ??= find().finally(() => {
      finding = null;
    });
    return finding;
  };
  const forget = (stream: Socket) => {
    followed.delete(stream);
    if (followed.size > 0) return;
    clearInterval(timer ?? undefined);
    timer = null;
    asking.close();
  };

  return {
    find: findOnce,
    follow(stream, to) {
      followed.set(stream, nodeName(to));
      stream.once('close', () => forget(stream));
      // While no node answers, connections stay where they are.
      timer ??= setInterval(() => void findOnce().catch(() => undefined), LOOK_EVERY_MS);
    },
    downAfterMs: () => last?.downAfterMs ?? null,
    words: () => (last === null ? groupName(address) : nodeName(last.primary)),
  };
}

/** The opinion of the node that knows of the latest fail-over. Others may be cut off. */
function newest(answers: readonly PromiseSettledResult<Opinion>[]): Opinion {
  const opinions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [best] = opinions.toSorted((a, b) => b.epoch - a.epoch);
  if (best !== undefined) return best;
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason.message)] : []));
  throw new Error(`no primary is known: ${reasons.join('; ')}`);
}

function groupName({ kind, nodes, name }: GroupAddress): string {
  const all = nodes.map(nodeName).join(', ');
  return kind === 'sentinel' ? `${name} of the sentinels ${all}` : `the cluster ${all}`;
}

function distinct(nodes: readonly RedisNode[]): RedisNode[] {
  return [...new Map(nodes.map((node) => [nodeName(node), node])).values()];
}
