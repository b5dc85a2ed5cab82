import type { UpstreamReply } from '@linkhaul/client';
import { type Attempt, type Deferral, itemLimit, recordDamage } from '@linkhaul/jobs';
import { endpointOf, type FailedCode, type Nanos } from '@linkhaul/schemas';
import {
  type AnswerHeader,
  type AnswerOutcome,
  callBefore,
  followersOf,
  ordinalOf,
  type PlannedTarget,
  readAnswer,
  readSettledAnswer,
  soFarOf,
  storeAnswer,
} from '@linkhaul/storage';
import type { Decision } from '../classify/classify.js';
import { bulkOutcome, emptyBulk } from '../outcome/bulk.js';
import { type EarlierPages, listOutcome } from '../outcome/list.js';
import { rowsOf } from '../outcome/outcome.js';
import { pageOf } from '../outcome/page-of.js';
import { settlementOf } from '../outcome/settlement.js';
import type { Services } from '../services.js';
import type { PlannedJob } from '../sources/job-source.js';
import { pauseChanged } from './pause-changed.js';
import { persist } from './persist.js';
import type { Judged, SentCall } from './sent-call.js';

type Settling = Pick<
  Services,
  'storage' | 'source' | 'ledger' | 'queues' | 'dispatcher' | 'changedEndpoints' | 'logger'
>;
type Answering = Settling & Pick<Services, 'worker' | 'calls' | 'storageGate' | 'stopping'>;

/** What an answer comes to, as `act` sees it. */
type Verdict = { readonly services: Answering } & (
  | { readonly kind: 'answered' }
  | Extract<AnswerOutcome, { kind: 'split' | 'deferred' }>
  | {
      readonly kind: 'failed';
      readonly code: FailedCode;
      readonly message: string;
      /** True where a parameter was refused, which every call of the job has. */
      readonly parameter: boolean;
    }
);

/** Stores the answer first, then settles the ledger. A crash in between is made good by settleStored. */
export async function settleAnswer(sent: SentCall, judged: Judged, verdict: Verdict): Promise<void> {
  const { services } = verdict;
  const header = await store(sent, judged, verdict);
  await persist(services, () => settleHeader(sent, { header, planned: sent.planned, targets: sent.targets }, services));
}

/** Stores an answer whole, whatever it says: what was charged must be known after a crash. */
export async function store(sent: SentCall, judged: Judged, verdict: Verdict): Promise<AnswerHeader> {
  const { services } = verdict;
  const header = await persist(services, async () =>
    headerFor(sent, judged, { outcome: await outcomeOf(sent, judged, verdict), worker: services.worker }),
  );
  const answer = { header, ...bytesOf(judged.reply) };
  await services.storageGate.guard((failed) =>
    persist(services, () => storeAnswer(services.storage, sent.job, answer), failed),
  );
  return header;
}

/** Whatever came is kept, understood or not. */
function bytesOf(reply: UpstreamReply): { body: Buffer; packed: Buffer | null } {
  const body = 'body' in reply && reply.body !== null ? reply.body : Buffer.alloc(0);
  return { body, packed: 'packed' in reply ? reply.packed : null };
}

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
    const { last } = await services.ledger.defer(at, deferralOf(header, header.outcome.countsAs));
    if (last) await services.queues.add('finish', at.job);
    return 'deferred';
  }
  const targets = await services.source.targets(at.job, planned.plan, at.call);
  await settleHeader(at, { header, planned, targets }, services);
  if (found.kind === 'damaged') await recordDamage(at, { plan: planned.plan, targets, header }, services);
  return 'settled';
}

/** Whatever it was to wait for has passed while nobody knew of it. */
function deferralOf({ cost, sentAt }: AnswerHeader, countsAs: Deferral['countsAs']): Deferral {
  return { cost, sentAt, delayMs: 0, countsAs };
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
  const { last, changed } = await ledger.settle(at, { ...settlementOf(stored), followers });
  if (changed) await pauseChanged(services);
  if (last) await queues.add('finish', at.job);
  await dispatcher.fill();
}

async function outcomeOf(sent: SentCall, { decision }: Judged, verdict: Verdict): Promise<AnswerOutcome> {
  if (verdict.kind === 'split') return { kind: 'split', message: verdict.message };
  if (verdict.kind === 'deferred') {
    return { kind: 'deferred', countsAs: verdict.countsAs, message: verdict.message };
  }
  const endpoint = endpointOf(sent.planned.description.endpoint);
  const items = decision.action === 'ok' ? decision.items : null;
  const earlier: EarlierPages =
    endpoint.kind === 'list' ? await earlierPages(sent, verdict.services) : { items: 0, cost: 0 };
  const cost = costOf(decision);
  if (verdict.kind === 'failed') {
    const { code, message, parameter } = verdict;
    const soFar = {
      itemsSoFar: earlier.items,
      costSoFar: earlier.cost + cost,
      ...(earlier.strays && { strays: earlier.strays }),
    };
    return { kind: 'failed', code, message, ...soFar, ...(parameter && { parameter }) };
  }
  if (endpoint.kind === 'bulk') return items === null ? emptyBulk(sent) : bulkOutcome(endpoint, sent, items.elements);
  const { description, plan } = sent.planned;
  const maxItems = itemLimit(description.max_items_per_target, { roots: plan.roots, maxLimit: endpoint.maxLimit });
  const planned = pageOf(sent, sent.planned, endpoint);
  const { elements = [], totalCount = null } = items ?? {};
  const number = ordinalOf(sent.call, plan);
  return listOutcome(endpoint, { number, planned, limit: sent.items, maxItems, elements, totalCount, cost, earlier });
}

/**
 * What the row has from the page before this one, whose answer is stored, or this call would not exist; of a run's first
 * page, from the runs before. Where that answer is damaged, the row fails when this call is settled.
 */
export async function earlierPages(
  sent: Pick<SentCall, 'job' | 'call' | 'planned' | 'targets'>,
  services: Pick<Services, 'calls' | 'storage' | 'ledger' | 'queues'>,
): Promise<EarlierPages> {
  const call = callBefore(sent.call, sent.planned.plan);
  if (call === null) return sent.targets[0]?.before ?? { items: 0, cost: 0 };
  const attempt = await services.calls.settledAttempt({ job: sent.job, call });
  const found = await readSettledAnswer(services.storage, sent.job, { call, attempt });
  const header = found.kind === 'there' ? found.answer.header : found.header;
  if (found.kind === 'damaged') {
    const { targets } = sent;
    await recordDamage({ job: sent.job, call, attempt }, { plan: sent.planned.plan, targets, header }, services);
  }
  if (header === null) return itemsBefore(sent);
  if (header.outcome.kind !== 'list') throw new Error(`the page before call ${sent.call} is not of a list`);
  const { mark } = header.outcome;
  return { ...soFarOf(header.outcome), ...(mark && { mark }) };
}

/** Every page but the last is full. What the earlier ones cost only their answers say: the job has counted it. */
function itemsBefore(sent: Pick<SentCall, 'call' | 'planned' | 'targets'>): EarlierPages {
  const endpoint = endpointOf(sent.planned.description.endpoint);
  if (endpoint.kind !== 'list') throw new Error(`call ${sent.call} is not of a list`);
  return { items: pageOf(sent, sent.planned, endpoint).offset, cost: 0 };
}

function headerFor(
  sent: SentCall,
  { reply, decision, answeredAt }: Judged,
  by: Pick<AnswerHeader, 'outcome' | 'worker'>,
): AnswerHeader {
  const facts = 'facts' in decision ? decision.facts : null;
  return {
    call: sent.call,
    attempt: sent.attempt,
    failures: sent.failures,
    sentAt: sent.sentAt,
    answeredAt,
    httpStatus: reply.kind === 'unsent' ? null : reply.httpStatus,
    statusCode: facts?.statusCode ?? null,
    taskId: facts?.taskId ?? null,
    ...(facts !== null && facts.task > 0 && { task: facts.task }),
    cost: costOf(decision),
    ...(isUnpriced(decision, by.outcome) && { unpriced: true }),
    simulated: reply.kind === 'answer' ? reply.headers.simulated : null,
    ...by,
  };
}

function costOf(decision: Decision): Nanos {
  return 'facts' in decision ? (decision.facts.cost ?? 0) : 0;
}

/** No amount where there may be one, or none where there are items: only the upstream's record can tell then. */
function isUnpriced(decision: Decision, outcome: AnswerOutcome): boolean {
  if (!('facts' in decision) || outcome.kind === 'deferred') return false;
  const { cost } = decision.facts;
  return cost === null || (cost === 0 && decision.action === 'ok');
}
