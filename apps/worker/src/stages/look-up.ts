import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attempt, attemptTag, type CallRef, messageIds } from '@linkhaul/jobs';
import { type IdListEntry, nanosOf, upstreamTimestamp } from '@linkhaul/schemas';
import type { AnswerHeader } from '@linkhaul/storage';
import { storeAnswer } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { settleHeader, settleStored } from './settle.js';

/** Around the sending: clocks differ, and the record's times are whole seconds. */
const WINDOW_MS = 60_000;
/** Entries echo every target of their call, so that pages must be small. */
const PAGE = 100;
/** The upstream allows 10 look-ups a minute. */
const BETWEEN_LOOK_UPS_MS = 6_500;
const STILL_RUNNING_MS = 10_000;
const LOOK_UP_FAILED_MS = 15_000;

interface UnknownCall extends Attempt {
  readonly sentAt: number;
  readonly failures: number;
}

type Record =
  | { readonly kind: 'found'; readonly entries: ReadonlyMap<string, IdListEntry> }
  | { readonly kind: 'none' | 'failed' };

/**
 * Learns what became of calls that may have been executed. Storage is asked first: an answer that is there is settled.
 * Seen in the upstream's record: paid and lost, bought again. Not seen when it must be there: sent again. Where nothing
 * can tell, the settings decide.
 */
export async function lookUpUnknown(services: Services): Promise<void> {
  const unknown: UnknownCall[] = [];
  for (const ref of await services.calls.dueUnknown(await services.calls.now())) {
    const call = await stillUnknown(ref, services);
    if (call !== null) unknown.push(call);
  }
  if (unknown.length === 0) return;
  const record = await searchRecord(unknown, services);
  for (const call of unknown) await decide(call, record, services);
  await services.dispatcher.fill();
}

async function stillUnknown(ref: CallRef, services: Services): Promise<UnknownCall | null> {
  const live = await services.calls.live(ref);
  const planned = await services.source.job(ref.job);
  if (live?.state !== 'unknown' || planned === null) return null;
  const call = { ...ref, attempt: live.attempt, sentAt: live.sentAt, failures: live.failures };
  return (await settleStored(call, planned, services)) ? null : call;
}

async function decide(call: UnknownCall, record: Record, services: Services): Promise<void> {
  const { calls, env } = services;
  const now = await calls.now();
  if (record.kind === 'found') {
    const entry = record.entries.get(tagOf(call));
    if (entry === undefined) return resolve(call, { kind: 'not_executed', cost: 0 }, services);
    if (entry.datetime_done == null) return calls.lookAgainAt(call, now + STILL_RUNNING_MS);
    return resolve(call, { kind: 'lost', cost: nanosOf(entry.cost ?? 0) }, services);
  }
  if (record.kind === 'failed' && now < call.sentAt + env.unknown.maxMs)
    return calls.lookAgainAt(call, now + LOOK_UP_FAILED_MS);
  if (env.unknown.policy === 'rebuy') return resolve(call, { kind: 'blind', cost: 0 }, services);
  return park(call, services);
}

async function resolve(
  call: UnknownCall,
  fate: { kind: 'lost' | 'not_executed' | 'blind'; cost: number },
  services: Services,
): Promise<void> {
  const { ledger, queues, logger } = services;
  const { last } = await ledger.resolve(call, fate);
  logger.warn(
    { job: call.job.id, tenant: call.job.tenant, call: call.call, attempt: call.attempt, ...fate },
    'unknown call resolved',
  );
  if (last) await queues.add('finish', call.job, { id: messageIds.finish(call.job) });
}

/** Its rows fail, retryable, and the job can close; the money stays unconfirmed. */
async function park(call: UnknownCall, services: Services): Promise<void> {
  const { source, storage } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const targets = await source.targets(call.job, planned.plan, call.call);
  const header: AnswerHeader = {
    call: call.call,
    attempt: call.attempt,
    failures: call.failures,
    sentAt: call.sentAt,
    answeredAt: Date.now(),
    httpStatus: null,
    statusCode: null,
    taskId: null,
    cost: 0,
    simulated: false,
    outcome: { kind: 'failed', code: 'unconfirmed', message: '', itemsSoFar: 0, costSoFar: 0 },
  };
  await storeAnswer(storage, call.job, { header, body: Buffer.alloc(0) });
  await settleHeader(call, { header, planned, targets, blind: true }, services);
}

/** One sweep over the upstream's record serves all calls: from the first sending to the last. */
async function searchRecord(unknown: readonly UnknownCall[], services: Services): Promise<Record> {
  const wanted = new Set(unknown.map(tagOf));
  const sent = unknown.map(({ sentAt }) => sentAt);
  const window = {
    datetime_from: upstreamTimestamp(new Date(Math.min(...sent) - WINDOW_MS)),
    datetime_to: upstreamTimestamp(new Date(Math.max(...sent) + WINDOW_MS)),
  };
  const entries = new Map<string, IdListEntry>();
  for (let offset = 0; entries.size < wanted.size; offset += PAGE) {
    if (offset > 0) await sleep(BETWEEN_LOOK_UPS_MS, undefined, { signal: services.draining });
    const page = await lookUp({ ...window, limit: PAGE, offset, sort: 'asc', include_metadata: true }, services);
    if (page.kind === 'no_record') return { kind: 'none' };
    if (page.kind === 'failed') return { kind: 'failed' };
    for (const entry of page.entries) {
      const tag = entry.metadata?.tag;
      if (typeof tag === 'string' && wanted.has(tag)) entries.set(tag, entry);
    }
    if (page.entries.length < PAGE) break;
  }
  return { kind: 'found', entries };
}

async function lookUp(query: Parameters<Services['upstream']['idList']>[0], services: Services) {
  const { permits, upstream, draining, logger } = services;
  const lease = await permits.lookUp(randomUUID(), draining);
  try {
    const reply = await upstream.idList(query, services.stopping);
    logger.info(
      { offset: query.offset, kind: reply.kind, found: reply.kind === 'entries' ? reply.entries.length : 0 },
      'look-up',
    );
    return reply;
  } finally {
    await permits.release(lease);
  }
}

function tagOf({ job, call, attempt }: Attempt): string {
  return attemptTag({ jobId: job.id, call, attempt });
}
