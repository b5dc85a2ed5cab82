import { type Attempt, type CallRef, type Deferral, recordDamage } from '@linkhaul/jobs';
import { type AnswerHeader, callBefore, followersOf, type PlannedTarget, readAnswer } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { rowsOf } from '../outcome/planned-call.js';
import { costIdOf, settlementOf } from '../outcome/settlement.js';
import type { Services } from '../services.js';
import { pauseChanged } from './pause-changed-endpoints.js';

export type Settling = Pick<
  Services,
  'storage' | 'source' | 'ledger' | 'calls' | 'queues' | 'dispatcher' | 'changedEndpoints' | 'logger'
>;

/**
 * Does what the answer of an attempt asks, where it is in storage already: `settled`, and the call is never sent again,
 * or `deferred`. Null where there is none; `damaged` where nobody can tell what it was. Where its header is whole, that
 * says what was paid and for which rows.
 */
export async function settleStored(
  at: Attempt,
  planned: PlannedJob,
  services: Settling,
): Promise<'settled' | 'deferred' | 'damaged' | null> {
  const found = await readAnswer(services.storage, at.job, at);
  if (found.kind === 'absent') return null;
  const header = found.kind === 'there' ? found.answer.header : found.header;
  if (header === null) return 'damaged';
  if (header.outcome.kind === 'deferred') {
    await deferStored(at, { header, countsAs: header.outcome.countsAs, planned }, services);
    return 'deferred';
  }
  const targets = await services.source.targets(at.job, planned.plan, at.call);
  await settleHeader(at, { header, planned, targets }, services);
  if (found.kind === 'damaged') await recordDamage(at, { plan: planned.plan, targets, header }, services);
  return 'settled';
}

interface DeferredCall {
  readonly header: AnswerHeader;
  readonly countsAs: Deferral['countsAs'];
  readonly planned: PlannedJob;
}

async function deferStored(at: Attempt, deferred: DeferredCall, services: Settling): Promise<void> {
  const { header, countsAs, planned } = deferred;
  // Whatever it was to wait for has passed while nobody knew of it.
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

/** Settles a call by the header of its stored answer. */
export async function settleHeader(at: Attempt, stored: StoredCall, services: Settling): Promise<void> {
  const { ledger, queues, dispatcher, source } = services;
  const { plan } = stored.planned;
  const followers = await Promise.all(
    followersOf(stored.header, plan).map(async (call) => {
      const targets = await source.targets(at.job, plan, call);
      return { call, rows: rowsOf({ call, targets }) };
    }),
  );
  const settlement = { ...settlementOf(stored), followers };
  const reply = await afterEarlier(() => ledger.settle(at, settlement), { at, ...stored }, services);
  for (let attempt = reply.missedFrom ?? at.attempt; attempt < at.attempt; attempt++) {
    await settleStored({ ...at, attempt }, stored.planned, services);
  }
  if (reply.changed) await pauseChanged(services);
  if (reply.last) await queues.add('finish', at.job);
  await dispatcher.fill();
}

interface EarlyAnswer {
  readonly at: Attempt;
  readonly header: AnswerHeader;
  readonly planned: PlannedJob;
}

/** Tells the ledger of an answer; where that is too early, once more when the answers before it are settled. */
async function afterEarlier<R extends { readonly early?: true }>(
  tell: () => Promise<R>,
  { at, header, planned }: EarlyAnswer,
  services: Settling,
): Promise<R> {
  const reply = await tell();
  if (!reply.early) return reply;
  await settleEarlier(at, planned, services);
  const again = await tell();
  if (again.early) await wasteAnswer(at, header, services);
  return again;
}

/** The cost of an answer that decides nothing is spent and wasted, once. */
export async function wasteAnswer(at: Attempt, header: AnswerHeader, { ledger }: Pick<Services, 'ledger'>) {
  if (header.cost > 0) await ledger.waste(at, { cost: header.cost, sentAt: header.sentAt, id: costIdOf(header) });
}

/** Attempts in a row that have no answer in storage: one may have been put off without any, and sent again at once. */
const MISSING_IN_A_ROW = 2;

/**
 * Does what the answers in storage ask, from an attempt on: where Redis has lost what was written last, the ledger may not
 * have heard of them. Null where storage has none; the call is to be sent only then.
 */
export async function settleFrom(
  at: Attempt,
  planned: PlannedJob,
  services: Settling,
): Promise<'settled' | 'deferred' | null> {
  let found: 'deferred' | null = null;
  let missing = 0;
  for (let attempt = at.attempt; missing < MISSING_IN_A_ROW; attempt++) {
    const done = await settleStored({ ...at, attempt }, planned, services);
    if (done === 'settled') return 'settled';
    // Its number is taken all the same: the next sending has a higher one.
    if (done === 'damaged') await passOver({ ...at, attempt }, services);
    if (done === null) missing++;
    else [found, missing] = ['deferred', 0];
  }
  return found;
}

async function passOver(at: Attempt, { ledger, calls }: Settling): Promise<void> {
  await ledger.defer(at, { cost: 0, sentAt: await calls.now(), delayMs: 0, countsAs: 'nothing' });
}

/** Settles the answers that a call exists because of, from its root on, as far as storage has them. */
async function settleEarlier(ref: CallRef, planned: PlannedJob, services: Settling): Promise<void> {
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
