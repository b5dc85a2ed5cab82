import type { Attempt, Settlement } from '@linkhaul/jobs';
import { endpointOf, type FailedCode, type ListEndpoint } from '@linkhaul/schemas';
import {
  type AnswerHeader,
  type AnswerOutcome,
  nextPageOf,
  type PlannedTarget,
  pageOf,
  readAnswer,
  storeAnswer,
} from '@linkhaul/storage';
import { bulkOutcome, countBulk } from '../outcome/bulk.js';
import { type EarlierPages, listOutcome, pageRequest } from '../outcome/list.js';
import { type CallCounts, rowsOf } from '../outcome/outcome.js';
import type { Services } from '../services.js';
import type { PlannedJob } from '../sources/job-source.js';
import { persist } from './persist.js';
import type { Judged, SentCall } from './sent-call.js';

type Verdict =
  | { readonly kind: 'answered'; readonly services: Services }
  | { readonly kind: 'failed'; readonly code: FailedCode; readonly message: string; readonly services: Services };

/** Stores the answer first, then settles the ledger. A crash in between is made good by settleStored. */
export async function settleAnswer(sent: SentCall, judged: Judged, verdict: Verdict): Promise<void> {
  const { services } = verdict;
  const header = await persist(services, async () => headerFor(sent, judged, await outcomeOf(sent, judged, verdict)));
  const body = judged.reply.kind === 'answer' ? judged.reply.body : Buffer.alloc(0);
  await services.storageGate.guard((failed) =>
    persist(services, () => storeAnswer(services.storage, sent.job, { header, body }), failed),
  );
  await persist(services, () => settleHeader(sent, { header, planned: sent.planned, targets: sent.targets }, services));
}

/** Settles a call whose answer is in storage already; false where it is not. It is never sent again. */
export async function settleStored(at: Attempt, planned: PlannedJob, services: Services): Promise<boolean> {
  const answer = await readAnswer(services.storage, at.job, at);
  if (answer === null) return false;
  const targets = await services.source.targets(at.job, planned.plan, at.call);
  await settleHeader(at, { header: answer.header, planned, targets }, services);
  return true;
}

interface StoredCall {
  readonly header: AnswerHeader;
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
}

/** Settles a call by the header of its stored answer. */
export async function settleHeader(at: Attempt, stored: StoredCall, services: Services): Promise<void> {
  const { ledger, queues, dispatcher } = services;
  const { last } = await ledger.settle(at, settlementOf(at, stored));
  if (last) await queues.add('finish', at.job);
  await dispatcher.fill();
}

function settlementOf(at: Attempt, { header, planned, targets }: StoredCall): Settlement {
  const { outcome } = header;
  const call = { call: at.call, targets };
  const more = outcome.kind === 'list' && outcome.status === null;
  return {
    verdict: outcome.kind === 'failed' ? 'failed' : 'stored',
    ...countsOf(outcome, call),
    cost: header.cost,
    nextCall: more ? nextPageOf(at.call, planned.plan) : null,
    simulated: header.simulated,
    keepUnconfirmed: header.givenUp === 'unconfirmed',
    wasted: header.givenUp === 'wasted',
  };
}

function countsOf(outcome: AnswerOutcome, call: { call: number; targets: readonly PlannedTarget[] }): CallCounts {
  const rows = rowsOf(call);
  const none = { ok: 0, empty: 0, failed: 0, items: 0 };
  if (outcome.kind === 'failed') return { ...none, failed: rows };
  if (outcome.kind === 'bulk') return countBulk(call, outcome.items);
  return { ...none, items: outcome.items, ...(outcome.status !== null && { [outcome.status]: rows }) };
}

async function outcomeOf(sent: SentCall, { decision }: Judged, verdict: Verdict): Promise<AnswerOutcome> {
  const endpoint = endpointOf(sent.planned.description.endpoint);
  const result = decision.action === 'ok' ? decision.result : null;
  const cost = 'facts' in decision ? decision.facts.cost : 0;
  if (endpoint.kind === 'bulk' && verdict.kind === 'answered') return bulkOutcome(endpoint, sent, result);
  const earlier = endpoint.kind === 'list' ? await earlierPages(sent, verdict.services) : { items: 0, cost: 0 };
  if (endpoint.kind === 'bulk' || verdict.kind === 'failed') {
    const { code = 'upstream_rejected', message = '' } = verdict.kind === 'failed' ? verdict : {};
    return { kind: 'failed', code, message, itemsSoFar: earlier.items, costSoFar: earlier.cost + cost };
  }
  return listOutcome(endpoint, { ...pageOfCall(sent, endpoint), result, cost, earlier });
}

function pageOfCall({ planned, call }: SentCall, endpoint: ListEndpoint) {
  const maxItems = planned.description.max_items_per_target;
  return { asked: pageRequest(endpoint, { number: pageOf(call, planned.plan), maxItems }), maxItems };
}

/** What the row has from the page before this one; that page's answer is stored, or this call would not exist. */
async function earlierPages(sent: SentCall, services: Services): Promise<EarlierPages> {
  const { plan } = sent.planned;
  if (pageOf(sent.call, plan) === 0) return { items: 0, cost: 0 };
  const call = sent.call - plan.roots;
  const attempt = await services.calls.settledAttempt({ job: sent.job, call });
  const answer = await readAnswer(services.storage, sent.job, { call, attempt });
  if (answer === null || answer.header.outcome.kind !== 'list')
    throw new Error(`the page before call ${sent.call} is not stored`);
  const { itemsSoFar, costSoFar } = answer.header.outcome;
  return { items: itemsSoFar, cost: costSoFar };
}

function headerFor(sent: SentCall, { reply, decision, answeredAt }: Judged, outcome: AnswerOutcome): AnswerHeader {
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
    cost: facts?.cost ?? 0,
    simulated: reply.kind === 'answer' && reply.headers.simulated,
    outcome,
  };
}
