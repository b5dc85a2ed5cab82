import { type Attempt, type CallRef, type Deferral, recordDamage } from '@linkhaul/jobs';
import { noteAnswer } from '@linkhaul/results';
import { type AnswerHeader, callBefore, followersOf, type PlannedTarget, readAnswer } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { rowsOf } from '../outcome/planned-call.js';
import { costIdOf, settlementOf } from '../outcome/settlement.js';
import { countReuse } from '../reuse/count-reuse.js';
import type { Services } from '../services.js';
import { pauseChangedEndpoints } from './pause-changed-endpoints.js';

export type SettleServices = Pick<
  Services,
  | 'storage'
  | 'source'
  | 'ledger'
  | 'calls'
  | 'queues'
  | 'dispatcher'
  | 'changedEndpoints'
  | 'reuse'
  | 'prices'
  | 'metrics'
  | 'env'
  | 'logger'
>;

/**
 * Settles an attempt whose answer is in storage. `settled`: the call is not sent again. `deferred`: the answer asks for
 * another attempt. `damaged`: the header cannot be read. Null if storage has no answer. A damaged body with a readable
 * header is settled from the header, and its rows fail.
 */
export async function settleStored(
  at: Attempt,
  planned: PlannedJob,
  services: SettleServices,
): Promise<'settled' | 'deferred' | 'damaged' | null> {
  const found = await readAnswer(services.storage, at.job, at);
  if (found.kind === 'absent') return null;
  const header = found.kind === 'there' ? found.answer.header : found.header;
  if (header === null) return 'damaged';
  if (header.outcome.kind === 'deferred') {
    await deferStored(at, header, { countsAs: header.outcome.countsAs, planned }, services);
    return 'deferred';
  }
  const targets = await services.source.targets(at.job, planned.plan, at.call);
  await settleHeader(at, { header, planned, targets }, services);
  if (found.kind === 'damaged') await recordDamage(at, { plan: planned.plan, targets, header }, services);
  return 'settled';
}

interface DeferredCall {
  readonly countsAs: Deferral['countsAs'];
  readonly planned: PlannedJob;
}

async function deferStored(
  at: Attempt,
  header: AnswerHeader,
  { countsAs, planned }: DeferredCall,
  services: SettleServices,
): Promise<void> {
  // The wait that the answer asked for is over by now.
  const { cost, sentAt } = header;
  const deferral: Deferral = { cost, sentAt, id: costIdOf(header), delayMs: 0, countsAs };
  const { last } = await afterEarlier(() => services.ledger.defer(at, deferral), { at, header, planned }, services);
  if (last) await services.queues.add('finish', at.job);
}

interface StoredCall {
  readonly header: AnswerHeader;
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
}

/** Settles a call from the header of its stored answer. */
export async function settleHeader(at: Attempt, stored: StoredCall, services: SettleServices): Promise<void> {
  const { ledger, queues, dispatcher, source } = services;
  const { plan } = stored.planned;
  const followers = await Promise.all(
    followersOf(stored.header, plan).map(async (call) => {
      const targets = await source.targets(at.job, plan, call);
      return { call, rows: rowsOf({ call, targets }) };
    }),
  );
  const settlement = { ...settlementOf(stored), followers };
  // Noted before the ledger: a waiting call that finds no claim any more must find the answer.
  await noteAnswer({ description: stored.planned.description, ...stored }, services);
  const reply = await afterEarlier(() => ledger.settle(at, settlement), { at, ...stored }, services);
  const { reused } = settlement;
  if (reply.result === 'settled' && reused) await countReuse(reused, stored.planned.description, services);
  for (let attempt = reply.missedFrom ?? at.attempt; attempt < at.attempt; attempt++) {
    await settleStored({ ...at, attempt }, stored.planned, services);
  }
  if (reply.changed) await pauseChangedEndpoints(services);
  if (reply.last) await queues.add('finish', at.job);
  await dispatcher.fill();
}

interface EarlyAnswer {
  readonly at: Attempt;
  readonly header: AnswerHeader;
  readonly planned: PlannedJob;
}

/**
 * Records an answer in the ledger. If the ledger does not know the call yet, because Redis has lost earlier answers, settles those
 * first and tries once more.
 */
async function afterEarlier<R extends { readonly early?: true }>(
  record: () => Promise<R>,
  { at, header, planned }: EarlyAnswer,
  services: SettleServices,
): Promise<R> {
  const reply = await record();
  if (!reply.early) return reply;
  await settleEarlier(at, planned, services);
  const second = await record();
  if (second.early) await wasteAnswer(at, header, services);
  return second;
}

/** Counts the cost of an answer that decides nothing as spent and wasted, once. */
export async function wasteAnswer(at: Attempt, header: AnswerHeader, { ledger }: Pick<Services, 'ledger'>) {
  if (header.cost > 0) await ledger.waste(at, { cost: header.cost, sentAt: header.sentAt, id: costIdOf(header) });
}

export interface SecondAnswer {
  readonly header: AnswerHeader;
  /** The header of the answer that was stored first. Null if its bytes are damaged. */
  readonly first: AnswerHeader | null;
}

/** Counts the cost of an answer if another answer to the same attempt was stored first. */
export async function wasteSecondAnswer(
  at: Attempt,
  { header, first }: SecondAnswer,
  services: Pick<Services, 'ledger'>,
): Promise<void> {
  // If the call was given up, its header already has the cost from the upstream's record.
  const isCounted = first?.givenUp === 'wasted' && first.taskId === header.taskId;
  if (!isCounted) await wasteAnswer(at, header, services);
}

/** The search for answers ends after this many attempts without one. One gap is possible: a deferred attempt may have none. */
const MISSING_IN_A_ROW = 2;

/**
 * Settles all stored answers of a call, beginning with one attempt: if Redis has lost writes, the ledger may not know them. Null if
 * storage has none. Only then may the call be sent.
 */
export async function settleFrom(
  at: Attempt,
  planned: PlannedJob,
  services: SettleServices,
): Promise<'settled' | 'deferred' | null> {
  let found: 'deferred' | null = null;
  let missing = 0;
  for (let attempt = at.attempt; missing < MISSING_IN_A_ROW; attempt++) {
    const done = await settleStored({ ...at, attempt }, planned, services);
    if (done === 'settled') return 'settled';
    if (done === 'damaged') await skipAttempt({ ...at, attempt }, services);
    if (done === null) missing++;
    else [found, missing] = ['deferred', 0];
  }
  return found;
}

/** Uses up the number of an attempt whose stored answer is damaged, so that the next attempt gets a higher one. */
async function skipAttempt(at: Attempt, { ledger, calls }: SettleServices): Promise<void> {
  await ledger.defer(at, { cost: 0, sentAt: await calls.now(), delayMs: 0, countsAs: 'nothing' });
}

/** Settles the calls before this one, such as earlier pages or the call that was split, in their order. */
async function settleEarlier(ref: CallRef, planned: PlannedJob, services: SettleServices): Promise<void> {
  const path: number[] = [];
  for (let call = callBefore(ref.call, planned.plan); call !== null; call = callBefore(call, planned.plan)) {
    path.unshift(call);
  }
  for (const call of path) {
    const attempt = await nextToSettle({ job: ref.job, call }, services);
    if ((await settleFrom({ job: ref.job, call, attempt }, planned, services)) !== 'settled') return;
  }
}

async function nextToSettle(ref: CallRef, { calls }: Pick<Services, 'calls'>): Promise<number> {
  const live = await calls.live(ref);
  if (live === null) return 1;
  return live.state === 'planned' ? live.attempt + 1 : live.attempt;
}
