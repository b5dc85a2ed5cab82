import { type Attempt, attemptTag, type CallRef } from '@linkhaul/jobs';
import { endpointOf, nanosOf } from '@linkhaul/schemas';
import { type AnswerHeader, storeAnswer } from '@linkhaul/storage';
import type { EarlierPages } from '../outcome/list.js';
import type { Services } from '../services.js';
import { MAX_FAILURES } from './failures.js';
import { type RecordSearch, searchRecord } from './record-search.js';
import { earlierPages, settleHeader, settleStored } from './settle.js';

/** A sweep may wait for its turn: until then another worker leaves its calls alone. */
const CLAIM_MS = 60_000;
const STILL_RUNNING_MS = 10_000;
const LOOK_UP_FAILED_MS = 15_000;

interface UnknownCall extends Attempt {
  readonly sentAt: number;
  readonly failures: number;
}

/** What is known, or decided, of an attempt without an answer. */
interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  readonly cost: number;
}

/**
 * Learns what became of calls that may have been executed. Storage is asked first: an answer that is there is settled.
 * Seen in the upstream's record: paid and lost, bought again. Not seen when it must be there: sent again. Where nothing
 * can tell, the settings decide.
 */
export async function lookUpUnknown(services: Services): Promise<void> {
  const { calls, dispatcher, logger } = services;
  const unknown: UnknownCall[] = [];
  for (const ref of await calls.dueUnknown(await calls.now())) {
    const call = await stillUnknown(ref, services);
    if (call === null) continue;
    await calls.lookAgainAt(call, (await calls.now()) + CLAIM_MS);
    unknown.push(call);
  }
  if (unknown.length === 0) return;
  const sent = unknown.map(({ sentAt }) => sentAt);
  const wanted = { tags: new Set(unknown.map(tagOf)), from: Math.min(...sent), to: Math.max(...sent) };
  const record = await searchRecord(wanted, services);
  for (const call of unknown) {
    await decide(call, record, services).catch((err: unknown) =>
      logger.error({ err, job: call.job.id, call: call.call }, 'could not decide on an unknown call'),
    );
  }
  await dispatcher.fill();
}

async function stillUnknown(ref: CallRef, services: Services): Promise<UnknownCall | null> {
  const live = await services.calls.live(ref);
  const planned = await services.source.job(ref.job);
  if (live?.state !== 'unknown' || planned === null) return null;
  const call = { ...ref, attempt: live.attempt, sentAt: live.sentAt, failures: live.failures };
  return (await settleStored(call, planned, services)) === null ? call : null;
}

async function decide(call: UnknownCall, record: RecordSearch, services: Services): Promise<void> {
  const { calls, env } = services;
  const now = await calls.now();
  const timeIsOver = now >= call.sentAt + env.unknown.maxMs;
  const entry = record.kind === 'found' ? record.entries.get(tagOf(call)) : undefined;
  if (record.kind === 'found' && entry === undefined)
    return conclude(call, { kind: 'not_executed', cost: 0 }, services);
  if (entry?.datetime_done != null) return conclude(call, { kind: 'lost', cost: nanosOf(entry.cost ?? 0) }, services);
  if (record.kind !== 'none' && !timeIsOver) {
    return calls.lookAgainAt(call, now + (entry === undefined ? LOOK_UP_FAILED_MS : STILL_RUNNING_MS));
  }
  if (env.unknown.policy === 'park') return giveUp(call, { kind: 'blind', cost: 0 }, services);
  return conclude(call, { kind: 'blind', cost: 0 }, services);
}

/** The call is sent again, unless it has gone without an answer too often: then it must come to rest. */
async function conclude(call: UnknownCall, fate: Fate, services: Services): Promise<void> {
  const { ledger, queues, logger } = services;
  const { job, attempt } = call;
  logger.warn({ job: job.id, tenant: job.tenant, call: call.call, attempt, ...fate }, 'unknown call resolved');
  if (call.failures + 1 >= MAX_FAILURES) return giveUp(call, fate, services);
  const { last } = await ledger.resolve(call, fate);
  if (last) await queues.add('finish', job);
}

/** Its rows fail, retryable, and the job can close. What the attempt cost, or may have cost, is shown. */
async function giveUp(call: UnknownCall, fate: Fate, services: Services): Promise<void> {
  const { source, storage } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const targets = await source.targets(call.job, planned.plan, call.call);
  const isList = endpointOf(planned.description.endpoint).kind === 'list';
  const earlier = isList ? await earlierPages({ ...call, planned, targets }, services) : { items: 0, cost: 0 };
  const header = headerWithoutAnswer(call, fate, earlier);
  // An answer that came in the meantime is worth more than our giving up.
  if (!(await storeAnswer(storage, call.job, { header, body: Buffer.alloc(0) }))) {
    await settleStored(call, planned, services);
    return;
  }
  await settleHeader(call, { header, planned, targets }, services);
}

function headerWithoutAnswer(call: UnknownCall, fate: Fate, earlier: EarlierPages): AnswerHeader {
  const blind = fate.kind === 'blind';
  const code = blind ? 'unconfirmed' : 'upstream_error';
  return {
    call: call.call,
    attempt: call.attempt,
    failures: call.failures,
    worker: null,
    sentAt: call.sentAt,
    answeredAt: Date.now(),
    httpStatus: null,
    statusCode: null,
    taskId: null,
    cost: fate.cost,
    simulated: false,
    givenUp: blind ? 'unconfirmed' : 'wasted',
    outcome: { kind: 'failed', code, message: '', itemsSoFar: earlier.items, costSoFar: earlier.cost + fate.cost },
  };
}

function tagOf({ job, call, attempt }: Attempt): string {
  return attemptTag({ jobId: job.id, call, attempt });
}
