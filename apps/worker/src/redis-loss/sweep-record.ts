import { randomUUID } from 'node:crypto';
import type { CallRef, Change } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { LOOK_AGAIN_MS } from '../look-up/attempt-fate.js';
import { searchRecord } from '../look-up/search-record.js';
import type { Services } from '../services.js';
import { type Settling, settleStored } from '../settle/settle-stored.js';
import { type Accounting, createAccounting } from './account-for-entry.js';

/** Entries read at a stretch: look-ups of unknown calls, which hold up their jobs, come in between. */
const ENTRIES_AT_A_STRETCH = 500;
/** Around a time: whole seconds in the record, and what the upstream's clock is not known by. */
const MARGIN_MS = 30_000;
/** The record's times are whole seconds. */
const SECOND_MS = 1_000;

type Sweeping = Settling &
  Pick<
    Services,
    'account' | 'aftermath' | 'draining' | 'env' | 'permits' | 'stopping' | 'store' | 'sweeps' | 'troubles' | 'upstream'
  >;

/**
 * Redis has lost what was written last, or may have: goes once through the upstream's record of that time, for sendings
 * of ours that neither storage nor the ledger has. What they cost is spent and wasted. Done by one worker at a time; who
 * dies, or finds the record away, leaves the rest to the next.
 */
export async function sweepAfterChange(services: Sweeping): Promise<void> {
  const { aftermath, calls, sweeps, draining } = services;
  if ((await aftermath.due(await calls.now())) === null) return;
  await sweeps.alone(randomUUID(), async (lost) => {
    // Another worker may have been at it meanwhile.
    const change = await aftermath.due(await calls.now());
    if (change === null) return;
    await settleRestored(services);
    await readOn(change, services, AbortSignal.any([draining, lost]));
  });
}

/**
 * Calls that Redis thinks are on their way, and that were answered in what it has lost: nobody settles them any more. What
 * is wrong with one holds up no other.
 */
async function settleRestored(services: Sweeping): Promise<void> {
  const { calls, logger } = services;
  for (const ref of await calls.sentBefore(await calls.now())) {
    try {
      await settleIfStored(ref, services);
    } catch (err) {
      logger.error({ err, job: ref.job.id, call: ref.call }, 'could not settle a call after a change of Redis');
    }
  }
}

async function settleIfStored(ref: CallRef, services: Sweeping): Promise<void> {
  const [live, planned] = [await services.calls.live(ref), await services.source.job(ref.job)];
  if (live?.state !== 'sending' || planned === null) return;
  await settleStored({ ...ref, attempt: live.attempt }, planned, services);
}

async function readOn(change: Change, services: Sweeping, signal: AbortSignal): Promise<void> {
  const { aftermath, calls, env, logger, upstream } = services;
  const now = await calls.now();
  const { from } = change;
  const to = change.to ?? now;
  const reading = createReading(change, createAccounting(services, { doneAfterMs: env.unknown.lookUpAfterMs }));
  const end = upstream.mayHaveRecord
    ? await searchRecord({ calls: [], from, to }, { services, signal, take: reading.take })
    : 'no_record';
  const { reached, open } = reading.progress();
  if (end === 'failed' || reading.stopped()) {
    const at = end === 'failed' ? now + LOOK_AGAIN_MS : now;
    return aftermath.goOn(change, { from: reached, to, open, at });
  }
  // By then the upstream is at no call that nobody knows of, and its record shows them all.
  const surely = change.changedAt + env.limits.leaseMs + env.unknown.lookUpAfterMs;
  logger.info({ from, to, end, open, last: to >= surely }, 'record gone through after a change of Redis');
  if (end === 'no_record' || to >= surely) return aftermath.end(change);
  const next = open === null ? surely : Math.min(surely, now + LOOK_AGAIN_MS);
  await aftermath.goOn(change, { from: Math.min(open ?? to, to) - MARGIN_MS, to: null, open: null, at: next });
}

/** How far one reading has come. It is broken off only where the record comes by time. */
function createReading({ from, open: openBefore }: Change, accounting: Accounting) {
  let [reached, taken, isByTime, isStopped] = [from, 0, true, false];
  let open = openBefore;
  return {
    async take(entries: readonly RecordEntry[]): Promise<boolean> {
      for (const entry of entries) {
        const postedAt = entry.postedAt ?? from;
        isByTime &&= postedAt >= reached - SECOND_MS;
        reached = Math.max(reached, postedAt);
        if ((await accounting.accountFor(entry)) === 'open') open = Math.min(open ?? postedAt, postedAt);
      }
      taken += entries.length;
      isStopped = isByTime && taken >= ENTRIES_AT_A_STRETCH && reached > from;
      return isStopped;
    },
    progress: () => ({ reached: isByTime ? reached : from, open }),
    stopped: () => isStopped,
  };
}
