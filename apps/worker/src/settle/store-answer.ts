import type { UpstreamReply } from '@linkhaul/client';
import { itemLimit, recordDamage } from '@linkhaul/jobs';
import { endpointOf, type FailedCode, type Nanos } from '@linkhaul/schemas';
import {
  type AnswerHeader,
  type AnswerOutcome,
  callBefore,
  keepAnswer,
  ordinalOf,
  readSettledAnswer,
  soFarOf,
} from '@linkhaul/storage';
import type { Judged, SentCall } from '../call/sent-attempt.js';
import type { Decision } from '../classify/classify-reply.js';
import { bulkOutcome, emptyBulk } from '../outcome/bulk-outcome.js';
import { type EarlierPages, listOutcome } from '../outcome/list-outcome.js';
import { pageOf } from '../outcome/planned-page.js';
import type { Services } from '../services.js';
import { persist } from './repeat-until-done.js';
import { type Settling, settleHeader, settleStored, wasteAnswer } from './settle-stored.js';

type Answering = Settling & Pick<Services, 'worker' | 'storageGate' | 'stopping'>;

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
  if (header === null) return;
  await persist(services, () => settleHeader(sent, { header, planned: sent.planned, targets: sent.targets }, services));
}

/**
 * Stores an answer whole, whatever it says: what was charged must be known after a crash. Null where another sending of
 * this attempt was answered first: then that answer decides the call, and this one's cost is counted.
 */
export async function store(sent: SentCall, judged: Judged, verdict: Verdict): Promise<AnswerHeader | null> {
  const { services } = verdict;
  const header = await persist(services, async () =>
    headerFor(sent, judged, { outcome: await outcomeOf(sent, judged, verdict), worker: services.worker }),
  );
  const answer = { header, ...bytesOf(judged.reply) };
  const kept = await services.storageGate.guard((failed) =>
    persist(services, () => keepAnswer(services.storage, sent.job, answer), failed),
  );
  if (kept.kind === 'first') return kept.header;
  await persist(services, () => settleSecond(sent, { header, first: kept.first }, services));
  return null;
}

interface SecondAnswer {
  readonly header: AnswerHeader;
  /** Null where its bytes are damaged. */
  readonly first: AnswerHeader | null;
}

async function settleSecond(sent: SentCall, { header, first }: SecondAnswer, services: Settling): Promise<void> {
  // What a call cost that was given up is in its header already.
  const isCounted = first?.givenUp === 'wasted' && first.taskId === header.taskId;
  if (!isCounted) await wasteAnswer(sent, header, services);
  await settleStored(sent, sent.planned, services);
}

/** Whatever came is kept, understood or not. */
function bytesOf(reply: UpstreamReply): { body: Buffer; packed: Buffer | null } {
  const body = 'body' in reply && reply.body !== null ? reply.body : Buffer.alloc(0);
  return { body, packed: 'packed' in reply ? reply.packed : null };
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
    nonce: sent.nonce,
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
