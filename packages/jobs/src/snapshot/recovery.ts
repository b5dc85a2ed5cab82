import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/** How far a recovery has come. Times are ms on Redis' clock. */
export interface RecoveryState {
  /** `asked`: no worker has begun yet. */
  readonly state: 'asked' | 'running' | 'done';
  /** Recovered jobs go on at once; otherwise they wait for their users. */
  readonly go: boolean;
  readonly by: string;
  readonly askedAt: number;
  readonly endedAt: number | null;
  /** Jobs to be restored. Null before they are counted. */
  readonly jobs: number | null;
  readonly done: number;
  /** Why the last try stopped. A worker tries again. */
  readonly failure: string | null;
  /** Snapshots that could not be read: these jobs and tenants are missing. */
  readonly unreadable: readonly string[];
}

/** The one recovery of this Redis, which a worker carries out. */
export interface Recovery {
  /** Null if none was ever asked for. */
  read(): Promise<RecoveryState | null>;
  ask(asked: { go: boolean; by: string }): Promise<void>;
}

const optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text === '' ? null : text));
const optionalNumber = optional.transform((text) => (text === null ? null : Number(text)));

const stored = z
  .object({
    state: z.enum(['asked', 'running', 'done']),
    go: z.string(),
    by: z.string(),
    asked_at: z.coerce.number(),
    ended_at: optionalNumber,
    jobs: optionalNumber,
    done: z.coerce.number().default(0),
    failure: optional,
    unreadable: z
      .string()
      .default('[]')
      .transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  })
  .transform(
    ({ go, asked_at: askedAt, ended_at: endedAt, ...same }): RecoveryState => ({
      ...same,
      go: go === '1',
      askedAt,
      endedAt,
    }),
  );

export function createRecovery({ redis, keys }: Access): Recovery {
  return {
    async read() {
      const fields = await redis.hgetall(keys.recovery);
      return fields.state === undefined ? null : stored.parse(fields);
    },
    async ask({ go, by }) {
      await redis.hset(keys.recovery, { state: 'asked', go: go ? '1' : '0', by, asked_at: await redisNow(redis) });
    },
  };
}
