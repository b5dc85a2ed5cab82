import { randomUUID } from 'node:crypto';
import type { CallRef, Change } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { endSearch } from '@linkhaul/storage';
import { searchRecord } from '../look-up/search-record.js';
import type { Services } from '../services.js';
import { type SettleServices, settleStored } from '../settle/settle-stored.js';
import { type Accounting, createAccounting } from './account-for-entry.js';

/** Entries read in one go. After them, look-ups of unknown calls go first, because jobs wait for those. */
const ENTRIES_AT_ONCE = 500;
/** The record has whole seconds, and the upstream's clock is not known exactly. */
const MARGIN_MS = 30_000;
/** The record's times are whole seconds. */
const SECOND_MS = 1_000;

type SweepServices = SettleServices &
  Pick<
    Services,
    | 'account'
    | 'aftermath'
    | 'draining'
    | 'env'
    | 'permits'
    | 'stopping'
    | 'store'
    | 'recordLock'
    | 'workerReports'
    | 'upstream'
  >;

/**
 * Runs when Redis may have lost its last writes. Reads that time in the upstream's record once. A request of ours that neither
 * storage nor the ledger knows is counted as wasted. One worker does this at a time; if it dies or cannot read the record, another
 * worker continues.
 */
export async function sweepRecord(services: SweepServices): Promise<void> {
  const { aftermath, calls, recordLock, draining } = services;
  if ((await aftermath.due(await calls.now())) === null) return;
  await recordLock.alone(randomUUID(), async (lost) => {
    // Another worker may have done it meanwhile.
    const change = await aftermath.due(await calls.now());
    if (change === null) return;
    await settleAnswered(services);
    await readOn(change, AbortSignal.any([draining, lost]), services);
  });
}

/**
 * Settles calls that the restored Redis has as `sending` although their answers are in storage. No worker waits for them any more.
 * If one of them cannot be settled, the others still are.
 */
async function settleAnswered(services: SweepServices): Promise<void> {
  const { calls, logger } = services;
  for (const ref of await calls.sentBefore(await calls.now())) {
    try {
      await settleIfStored(ref, services);
    } catch (err) {
      logger.error({ err, job: ref.job.id, call: ref.call }, 'could not settle a call after Redis lost writes');
    }
  }
}

async function settleIfStored(ref: CallRef, services: SweepServices): Promise<void> {
  const [live, planned] = [await services.calls.live(ref), await services.source.job(ref.job)];
  if (live?.state !== 'sending' || planned === null) return;
  await settleStored({ ...ref, attempt: live.attempt }, planned, services);
}

/** Continues where the last reading ended. Then schedules the next reading, or ends the sweep. */
async function readOn(change: Change, signal: AbortSignal, services: SweepServices): Promise<void> {
  const { aftermath, calls, env, logger, upstream } = services;
  const now = await calls.now();
  const { from } = change;
  const to = change.to ?? now;
  const reading = createReading(change, createAccounting(services, { doneAfterMs: env.unknown.lookUpAfterMs }));
  const end = upstream.mayHaveRecord
    ? await searchRecord({ from, to }, { signal, take: reading.take }, services)
    : 'no_record';
  const { reached, unknownSince } = reading.progress();
  if (end === 'failed' || reading.stopped()) {
    const at = end === 'failed' ? now + env.unknown.againMs : now;
    return aftermath.goOn(change, { from: reached, to, unknownSince, at });
  }
  // By then every request sent before the loss is done, and the record shows it.
  const allDoneAt = change.changedAt + env.limits.leaseMs + env.unknown.lookUpAfterMs;
  const last = to >= allDoneAt;
  logger.info({ from, to, end, unknownSince, last }, "searched the upstream's record after Redis lost writes");
  if (end === 'no_record' || last) {
    await endSearch(services.storage, services.account);
    return aftermath.end(change);
  }
  const next = unknownSince === null ? allDoneAt : Math.min(allDoneAt, now + env.unknown.againMs);
  await aftermath.goOn(change, {
    from: Math.min(unknownSince ?? to, to) - MARGIN_MS,
    to: null,
    unknownSince: null,
    at: next,
  });
}

/** The progress of one reading. It stops after ENTRIES_AT_ONCE, but only if the record is sorted by time. */
function createReading({ from, unknownSince: before }: Change, accounting: Accounting) {
  let [reached, taken, isByTime, isStopped] = [from, 0, true, false];
  let unknownSince = before;
  return {
    async take(entries: readonly RecordEntry[]): Promise<boolean> {
      for (const entry of entries) {
        const postedAt = entry.postedAt ?? from;
        isByTime &&= postedAt >= reached - SECOND_MS;
        reached = Math.max(reached, postedAt);
        if ((await accounting.accountFor(entry)) === 'unfinished')
          unknownSince = Math.min(unknownSince ?? postedAt, postedAt);
      }
      taken += entries.length;
      isStopped = isByTime && taken >= ENTRIES_AT_ONCE && reached > from;
      return isStopped;
    },
    progress: () => ({ reached: isByTime ? reached : from, unknownSince }),
    stopped: () => isStopped,
  };
}
