import { attemptTag, type CallRef, callLease } from '@linkhaul/jobs';
import { readKeptBody } from '@linkhaul/storage';
import { countsAs, isLast } from '../call/attempt-limits.js';
import { lateAnswer } from '../settle/late-answer.js';
import { settleStored } from '../settle/settle-stored.js';
import { type Fate, fateOf, type RecordFinding } from './attempt-fate.js';
import { giveUpCall } from './give-up-call.js';
import type { LookUpServices, PendingLookUp, UnknownCall } from './looked-up-attempt.js';

/** Reads an unknown call. Null if it is no longer unknown. If its answer is in storage, the call is settled instead. */
export async function findUnknownCall(ref: CallRef, services: LookUpServices): Promise<PendingLookUp | null> {
  const { calls, source, env } = services;
  const live = await calls.live(ref);
  if (live?.state !== 'unknown') return null;
  const planned = await source.job(ref.job);
  if (planned === null) {
    await calls.lookAgainAt(ref, (await calls.now()) + env.unknown.againMs);
    return null;
  }
  const tag = attemptTag({ jobId: ref.job.id, call: ref.call, attempt: live.attempt, nonce: live.nonce });
  const found = { ...live, ...ref, tag, endpoint: planned.description.endpoint };
  const stored = await settleStored(found, planned, services);
  if (stored === 'settled' || stored === 'deferred') return null;
  const call = { ...found, isDamaged: stored === 'damaged' };
  return { ...call, decide: (finding) => decide(call, finding, services) };
}

/** Resolves the call, or has it looked up again later. */
async function decide(call: UnknownCall, finding: RecordFinding, services: LookUpServices): Promise<void> {
  const { calls, env } = services;
  const now = await calls.now();
  const fate = fateOf({ finding, sentAt: call.sentAt, now }, env.unknown);
  if (fate.kind === 'wait') await calls.lookAgainAt(call, fate.until);
  else await resolve(call, fate, services);
}

/** Sends the call again, unless the answer to an earlier attempt has arrived or the call must be given up. */
async function resolve(call: UnknownCall, fate: Fate, services: LookUpServices): Promise<void> {
  const { ledger, permits, queues, env, logger, metrics } = services;
  const { job, attempt } = call;
  logger.warn({ job: job.id, tenant: job.tenant, call: call.call, attempt, ...fate }, 'unknown call resolved');
  metrics.resolved(fate.kind);
  // The upstream is no longer working on the call, so its slot is free before the lease runs out.
  if (fate.kind !== 'blind') await permits.release(callLease(call));
  if (await settleLateAnswer(call, fate, services)) return;
  const kept = fate.kind === 'not_executed' ? null : await readKeptBody(services.storage, call);
  const parked = fate.kind === 'blind' && env.unknown.policy === 'park';
  // A call that was paid for is not bought again only because its stored answer is damaged.
  const isBroken = call.isDamaged && fate.kind !== 'not_executed';
  const isOver = kept !== null || parked || isBroken || isLast(call, fate);
  if (isOver) return giveUpCall(call, { fate, kept }, services);
  const { last } = await ledger.resolve(call, fate, countsAs(call, fate));
  if (last) await queues.add('finish', job);
}

/** Settles the call with a late answer to an earlier attempt, if there is one. Then the call is neither bought again nor failed. */
async function settleLateAnswer(call: UnknownCall, fate: Fate, services: LookUpServices): Promise<boolean> {
  const late = await lateAnswer(call, services);
  const planned = late === null ? null : await services.source.job(call.job);
  if (late === null || planned === null) return false;
  const { attempt } = late.header;
  await services.ledger.fallBack(call, fate, attempt);
  await settleStored({ ...call, attempt }, planned, services);
  return true;
}
