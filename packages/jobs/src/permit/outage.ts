import { OUTAGE_REASONS, type OutageReason } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';

export { isOutageReason, OUTAGE_REASONS, type OutageReason } from '@linkhaul/schemas';

/** What is to be done about the account's outage now. */
type Turn =
  | { readonly kind: 'none' }
  /** A call has been answered since it began. */
  | { readonly kind: 'over'; readonly reason: OutageReason }
  /** To be found out, by this worker alone; `tries`: how often it was before. */
  | { readonly kind: 'probe'; readonly reason: OutageReason; readonly tries: number };

/**
 * What keeps the jobs of an account paused, over all its workers. Its breaker stands half-open meanwhile: one call at a
 * time is sent, of whatever job is running, and the first that is answered ends the outage.
 */
export interface Outage {
  /** Beginning again what has begun changes nothing but the reason. */
  begin(reason: OutageReason): Promise<void>;
  /** Begins where there is none: a job that is paused must not wait for ever because a step was lost. */
  ensure(reason: OutageReason): Promise<void>;
  turn(): Promise<Turn>;
  /** It is probed again, after a wait that grows up to the longest. */
  again(longestMs: number): Promise<void>;
  end(): Promise<void>;
}

/** While it lasts no other worker probes. */
const CLAIM_MS = 60_000;

const reasons = z.enum(OUTAGE_REASONS);

const turnForm = z.union([
  z.tuple([z.literal('none')]).transform(() => ({ kind: 'none' as const })),
  z.tuple([z.literal('over'), reasons]).transform(([kind, reason]) => ({ kind, reason })),
  z
    .tuple([z.literal('probe'), reasons, z.coerce.number()])
    .transform(([kind, reason, tries]) => ({ kind, reason, tries })),
]);

export function createOutage({ run }: Access, { account, host }: { account: string; host: string }): Outage {
  return {
    async begin(reason) {
      await run('outage', account, reason, Math.random(), 0, host);
    },
    async ensure(reason) {
      await run('outage', account, reason, Math.random(), 1, host);
    },
    turn: async () => turnForm.parse(await run('probe_turn', account, CLAIM_MS)),
    async again(longestMs) {
      await run('probed', account, 'again', longestMs, Math.random(), host);
    },
    async end() {
      await run('probed', account, 'over', 0, 0, host);
    },
  };
}
