import type { Redis } from 'ioredis';
import { type Keys, keysOf } from '../keys.js';
import { type RunScript, scriptsOn } from '../scripts.js';
import { type Timing, timingOf } from '../timing.js';

/** One connection to Redis, with the keys under a prefix and the scripts that work on them. */
export interface Access {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly run: RunScript;
  readonly timing: Timing;
}

export function accessTo(redis: Redis, prefix: string, timing: Timing = timingOf(1)): Access {
  return { redis, keys: keysOf(prefix), run: scriptsOn(redis, prefix), timing };
}
