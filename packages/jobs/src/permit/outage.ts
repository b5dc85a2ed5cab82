import { OUTAGE_REASONS, type OutageReason } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { jsonOf } from '../redis/replies.js';
import { script } from '../scripts.js';

export { isOutageReason, OUTAGE_REASONS, type OutageReason } from '@linkhaul/schemas';

/** What this worker has to do about the account's outage now. */
type ProbeClaim =
  | { readonly kind: 'none' }
  /** A call has been answered since the outage began. */
  | { readonly kind: 'over'; readonly reason: OutageReason }
  /** Only this worker probes now. `tries`: how many probes there were before. */
  | { readonly kind: 'probe'; readonly reason: OutageReason; readonly tries: number };

/**
 * The outage that keeps the account's jobs paused, over all workers. Meanwhile the breaker is half-open: one call at a
 * time is sent, of any job that is running, and the first one that is answered ends the outage.
 */
export interface Outage {
  /** Beginning an outage again changes only its reason. */
  begin(reason: OutageReason): Promise<void>;
  /** Begins an outage if there is none, so that no job stays paused for good because a step was lost. */
  ensure(reason: OutageReason): Promise<void>;
  claimProbe(): Promise<ProbeClaim>;
  /** Schedules the next probe, after a wait that grows up to the longest. */
  again(longestMs: number): Promise<void>;
  end(): Promise<void>;
}

/** The longest wait between two probes unless another one is given. */
export const { LONGEST_WAIT_MS } = CONSTANTS;

/** No other worker probes during this time. */
const CLAIM_MS = 60_000;

const reasons = z.enum(OUTAGE_REASONS);

const outageScript = script<{
  account: string;
  host: string;
  reason: OutageReason;
  chance: number;
  keeps_reason: boolean;
}>()('permit/outage', z.string());

const claimProbeScript = script<{ account: string; claim_ms: number }>()(
  'permit/claim_probe',
  jsonOf(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('over'), reason: reasons }),
      z.object({ kind: z.literal('probe'), reason: reasons, tries: z.number() }),
    ]),
  ),
);

const probedScript = script<{
  account: string;
  host: string;
  after: 'again' | 'over';
  longest_ms: number;
  chance: number;
}>()('permit/probed', z.string());

export function createOutage({ run }: Access, { account, host }: { account: string; host: string }): Outage {
  return {
    async begin(reason) {
      await run(outageScript, { account, host, reason, chance: Math.random(), keeps_reason: false });
    },
    async ensure(reason) {
      await run(outageScript, { account, host, reason, chance: Math.random(), keeps_reason: true });
    },
    claimProbe: () => run(claimProbeScript, { account, claim_ms: CLAIM_MS }),
    async again(longestMs) {
      await run(probedScript, { account, host, after: 'again', longest_ms: longestMs, chance: Math.random() });
    },
    async end() {
      await run(probedScript, { account, host, after: 'over', longest_ms: 0, chance: 0 });
    },
  };
}
