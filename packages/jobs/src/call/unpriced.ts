import type { Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import { type CallRef, callFromName, callLease } from '../keys.js';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';
import { type NamedAttempt, named } from './settlement.js';

export interface UnpricedCall extends CallRef {
  readonly attempt: number;
}

/**
 * Settled calls whose answers do not say what they cost. The money reserved for each stays unconfirmed until the
 * upstream's record tells the cost. All times are ms on Redis' clock.
 */
export interface UnpricedCalls {
  /** Those to be looked up by a time, up to a limit. */
  due(by: number): Promise<UnpricedCall[]>;
  lookAgainAt(call: UnpricedCall, time: number): Promise<void>;
  /** Counts the cost as spent, so that none of it is unconfirmed. `items`: null if nobody knows how many were charged. */
  confirm(call: UnpricedCall, charge: { readonly cost: Nanos; readonly items: number | null }): Promise<void>;
  /** Stops asking: nothing will ever show the cost, and the money stays unconfirmed. */
  giveUp(call: UnpricedCall): Promise<void>;
}

const BATCH = 200;

const confirmScript = script<NamedAttempt & { cost: Nanos; items: number | null }>()(
  'call/confirm',
  z.enum(['confirmed', 'repeated']),
);

export function createUnpricedCalls({ redis, keys, run }: Access): UnpricedCalls {
  return {
    async due(by) {
      return (await redis.zrangebyscore(keys.unpriced, 0, by, 'LIMIT', 0, BATCH)).map(attemptFrom);
    },
    async lookAgainAt(call, time) {
      await redis.zadd(keys.unpriced, 'XX', time, callLease(call));
    },
    async confirm(call, { cost, items }) {
      await run(confirmScript, { ...named(call), cost, items });
    },
    async giveUp(call) {
      await redis.zrem(keys.unpriced, callLease(call));
    },
  };
}

function attemptFrom(name: string): UnpricedCall {
  const at = name.lastIndexOf('.');
  return { ...callFromName(name.slice(0, at)), attempt: Number(name.slice(at + 1)) };
}
