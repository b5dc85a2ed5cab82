import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openThrowawayRedis } from '@linkhaul/stack';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { targets } from '../cell.js';
import type { Environment } from '../service.js';

/** An account's limits, as a user's own program would keep them. */
interface Account {
  readonly url: string;
  readonly env: Environment;
  readonly inFlight: number;
  readonly most: number;
  readonly windowMs: number;
}

export interface Contender {
  readonly name: string;
  /** Starts the program. The function that it returns stops it. */
  start(account: Account): Promise<() => Promise<void>>;
}

const POOL = new URL('./pool-process.js', import.meta.url);
const QUEUE = new URL('./queue-process.js', import.meta.url);
const PROCESSES = 2;
const ROWS = 20_000;

/** The programs that users would write without Linkhaul. */
export const CONTENDERS: readonly Contender[] = [
  {
    name: "vendor's client, p-limit, 1 process",
    start: async ({ url, inFlight }) => startPool({ url, inFlight, everyMs: 0 }, 1),
  },
  {
    name: '  with a rate limiter, 2 processes',
    start: async ({ url, inFlight, most, windowMs }) =>
      startPool({ url, inFlight, everyMs: windowMs / most }, PROCESSES),
  },
  {
    name: '  limits split by hand, 2 processes',
    start: async ({ url, inFlight, most, windowMs }) =>
      startPool({ url, inFlight: inFlight / PROCESSES, everyMs: (PROCESSES * windowMs) / most }, PROCESSES),
  },
  { name: "BullMQ's limiter and concurrency, 2 workers", start: startQueue },
];

async function startPool(settings: object, processes: number): Promise<() => Promise<void>> {
  const children = Array.from({ length: processes }, () => startScript(POOL, settings));
  return () => endAll(children);
}

async function startQueue({ url, env, inFlight, most, windowMs }: Account): Promise<() => Promise<void>> {
  const redis = await openThrowawayRedis({ env, mayInstall: true, say: () => undefined });
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue('calls', { connection });
  await queue.setGlobalConcurrency(inFlight);
  await queue.addBulk(targets(ROWS).map((target) => ({ name: 'call', data: { target } })));
  const settings = { url, redisUrl: redis.url, queue: 'calls', inFlight, max: most, duration: windowMs };
  const children = Array.from({ length: PROCESSES }, () => startScript(QUEUE, settings));
  return async () => {
    await endAll(children);
    await queue.close();
    connection.disconnect();
    await redis.stop();
  };
}

/** A child process that ends when this process ends, for any reason. */
function startScript(script: URL, settings: object): ChildProcess {
  return fork(script, [JSON.stringify(settings)]);
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}
