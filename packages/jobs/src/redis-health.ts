import type { Redis } from 'ioredis';

/** What Redis says of its memory, from `INFO memory`. */
export interface RedisMemory {
  /** What it does when it is full; null where it does not say. */
  readonly policy: string | null;
  /** Used of what it may use, 0 to 1; 0 where it may use all there is. */
  readonly share: number;
}

export function parseMemory(info: string): RedisMemory {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const most = Number(field('maxmemory') ?? 0);
  return {
    policy: field('maxmemory_policy') ?? null,
    share: most > 0 ? Number(field('used_memory') ?? 0) / most : 0,
  };
}

export async function readMemory(redis: Redis): Promise<RedisMemory> {
  return parseMemory(await redis.info('memory'));
}
