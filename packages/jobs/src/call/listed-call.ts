import type { CallStatus } from '@linkhaul/schemas';
import { z } from 'zod';
import { hasBit } from '../redis/bitmap.js';
import type { AttemptFate } from './attempt-fates.js';
import type { CallSnapshot } from './call-snapshot.js';

interface AwaitedAttempt {
  readonly attempt: number;
  readonly worker: string;
  readonly sentAt: number;
  readonly nonce: string | null;
}

/** A call in the ledger. Its answers, with their costs, are in storage. */
export interface ListedCall {
  readonly call: number;
  readonly status: CallStatus;
  /** The number of attempts, including the one that is awaited. */
  readonly attempts: number;
  /** True if the job ended before the call was settled. Then it may have had more attempts than are known. */
  readonly isCut: boolean;
  /** The attempt that was sent and has no answer yet. */
  readonly awaited: AwaitedAttempt | null;
  /** Earlier attempts without an answer, by number. */
  readonly fates: ReadonlyMap<number, AttemptFate>;
}

/** The status of a call that is not live. */
export function restingStatus(call: number, { stored, failed }: CallSnapshot): CallStatus {
  if (hasBit(stored, call)) return 'stored';
  return hasBit(failed, call) ? 'failed' : 'planned';
}

const liveStatus = z.enum(['planned', 'sending', 'unknown']);

/** `live`: state, attempt, worker, sent_at and nonce of the call, if it has a hash. */
export function listedCall(call: number, known: CallSnapshot, live: readonly (string | null)[] = []): ListedCall {
  const earlier = known.earlier.get(call);
  const fates = earlier?.fates ?? new Map<number, AttemptFate>();
  const [state, attempt, worker, sentAt, nonce] = live;
  const status = liveStatus.safeParse(state).data ?? restingStatus(call, known);
  if (known.live.has(call)) {
    const isAwaited = status === 'sending' || status === 'unknown';
    const sent = { attempt: Number(attempt), worker: worker ?? '', sentAt: Number(sentAt), nonce: nonce || null };
    const awaited = isAwaited ? sent : null;
    return { call, status, attempts: Number(attempt ?? 0), isCut: false, awaited, fates };
  }
  const isSettled = status !== 'planned';
  const attempts = isSettled ? Number(known.attempts.get(String(call)) ?? 1) : (earlier?.attempts ?? 0);
  // Calls that were never dispatched have had no attempt.
  const isCut = !isSettled && (call < known.next || earlier !== undefined);
  return { call, status, attempts, isCut, awaited: null, fates };
}
