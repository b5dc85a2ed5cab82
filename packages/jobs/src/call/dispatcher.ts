import { FORMAT } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { callFromName, type Keys } from '../keys.js';
import { beatScript } from '../permit/workers.js';
import type { Message, Queues } from '../redis/queues.js';
import { jsonOf } from '../redis/replies.js';
import { redisNow } from '../redis/time.js';
import { type RunScript, script } from '../scripts.js';
import type { Timing } from '../timing.js';

/** How many calls are kept ready beyond the account's slots, so that a freed slot never waits for a message. */
const HANDFUL = 8;

/** Keeps BullMQ's window of calls full, but no fuller than the account and the workers can use. */
export interface Dispatcher {
  /** Fills the window. Concurrent calls share one filling. */
  fill(): Promise<void>;
  /**
   * Reports that this worker is alive, and how many calls it has places for. Returns how many it should hold at once:
   * its share of the window. Without shares the fastest worker would hold nearly all calls, and permits are shared
   * fairly only among workers that hold calls.
   */
  announce(places: number): Promise<number>;
  /** Reports that this worker takes no more calls. */
  withdraw(): Promise<void>;
  /** Adds missing messages: a process may die after a call entered the window and before BullMQ has its message. */
  restoreLost(): Promise<void>;
}

interface DispatcherOptions {
  readonly redis: Redis;
  readonly run: RunScript;
  readonly keys: Keys;
  readonly timing: Timing;
  readonly queues: Queues;
  readonly worker: string;
  readonly maxInFlight: number;
}

export const dispatchScript = script<{ most: number; format: number }>()(
  'call/dispatch',
  jsonOf(z.array(z.object({ name: z.string(), attempt: z.number(), dispatch: z.number() }))),
);

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { redis, run, keys, timing, queues, worker, maxInFlight } = options;

  const fillOnce = async () => {
    const calls = await run(dispatchScript, { most: maxInFlight + HANDFUL, format: FORMAT });
    if (calls.length === 0) return;
    await queues.addCalls(calls.map(({ name, ...at }) => messageOf(name, at)));
  };

  let filling: Promise<void> | null = null;
  let again = false;
  const fill = (): Promise<void> => {
    if (filling !== null) {
      again = true;
      return filling;
    }
    filling = (async () => {
      try {
        do {
          again = false;
          await fillOnce();
        } while (again);
      } finally {
        filling = null;
      }
    })();
    return filling;
  };

  return {
    fill,
    async announce(places) {
      const takers = await run(beatScript, { worker, places });
      return Math.min(places, Math.ceil((maxInFlight + HANDFUL) / takers) + 1);
    },
    async withdraw() {
      await redis.hdel(keys.workerPlaces, worker);
    },
    async restoreLost() {
      const longAgo = (await redisNow(redis)) - timing.windowMs;
      for (const name of await redis.zrangebyscore(keys.window, 0, longAgo)) {
        const ref = callFromName(name);
        const [state, attempt, dispatch] = await redis.hmget(
          keys.call(ref.job, ref.call),
          'state',
          'attempt',
          'dispatch',
        );
        if (state === null) await redis.zrem(keys.window, name);
        if (state !== 'planned' || dispatch === null) continue;
        const message = messageOf(name, { attempt: Number(attempt) + 1, dispatch: Number(dispatch) });
        if (!(await queues.has('call', message))) await queues.addCalls([message]);
      }
    },
  };
}

function messageOf(name: string, at: { attempt: number; dispatch: number }): Message<'call'> {
  return { ...callFromName(name), ...at };
}
