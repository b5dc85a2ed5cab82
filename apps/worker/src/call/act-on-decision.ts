import type { Deferral } from '@linkhaul/jobs';
import { type BodyBytes, endpointOf } from '@linkhaul/schemas';
import { keepBody } from '@linkhaul/storage';
import { pauseAccount } from '../account/pause-account.js';
import { backoffMs } from '../classify/backoff.js';
import type { Decision } from '../classify/classify-reply.js';
import { plannedPage } from '../outcome/planned-page.js';
import { costIdOf } from '../outcome/settlement.js';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';
import { type StoringServices, settleAnswer, storeAnswer } from '../settle/store-answer.js';
import { MAX_FAILURES } from './attempt-limits.js';
import { markUnknown } from './mark-unknown.js';
import { maySplit } from './may-split.js';
import type { JudgedReply, SentAttempt } from './sent-attempt.js';

type ActingServices = StoringServices & Pick<Services, 'permits' | 'outage' | 'store' | 'jobSteps' | 'env'>;

/** Carries out a decision. No other code acts on a reply that was just received. */
export async function actOnDecision(sent: SentAttempt, judged: JudgedReply, services: ActingServices): Promise<void> {
  const { decision } = judged;
  const message = messageOf(judged);
  const fail = (code: 'upstream_rejected' | 'upstream_error' | 'answer_unreadable', parameter = false) =>
    settleAnswer(sent, judged, { kind: 'failed', code, message, parameter }, services);
  const defer = (delayMs: number, countsAs: 'failure' | 'nothing') =>
    storeAndDefer(sent, judged, { delayMs, countsAs }, services);
  if (sent.pageToken !== null && REFUSALS.has(decision.action)) return refuseToken(sent, judged, services);
  switch (decision.action) {
    case 'ok':
    case 'empty':
      return settleAnswer(sent, judged, { kind: 'answered' }, services);
    case 'fail':
      return fail('upstream_rejected');
    case 'unreadable':
      return fail('answer_unreadable');
    case 'stop':
      return fail('upstream_rejected', true);
    case 'split':
      if (!(await maySplit(sent, services))) return fail('upstream_rejected');
      return settleAnswer(sent, judged, { kind: 'split', message }, services);
    case 'wait':
      return defer(decision.waitMs, 'nothing');
    case 'retry':
      return sent.failures + 1 >= MAX_FAILURES ? fail('upstream_error') : defer(backoffMs(sent.failures), 'failure');
    case 'slow':
      await repeatUntilDone(services, () => services.permits.slow(decision.waitMs, decision.met));
      return defer(decision.waitMs, 'nothing');
    case 'pause':
      await repeatUntilDone(services, () => pauseAccount(decision.reason, services));
      return defer(0, 'nothing');
    case 'unsent':
      // Nothing was executed or paid, so this must not count towards failing the call's rows.
      return deferCall(sent, { cost: 0, delayMs: backoffMs(sent.unsent), countsAs: 'unsent' }, services);
    case 'unknown':
      if (decision.kept !== null) await storeBody(sent, decision.kept, services);
      return repeatUntilDone(services, () => markUnknown(sent, services));
  }
}

/** Decisions that a bad token may cause: how the upstream refuses a token is not documented. */
const REFUSALS: ReadonlySet<Decision['action']> = new Set(['fail', 'split', 'stop']);

/** A refused token never stops the job. Its page is requested by offset if the offset is allowed; otherwise the row fails. */
async function refuseToken(sent: SentAttempt, judged: JudgedReply, services: ActingServices): Promise<void> {
  const endpoint = endpointOf(sent.planned.description.endpoint);
  const isWithinOffsets =
    endpoint.kind === 'list' && plannedPage(sent, sent.planned, endpoint).offset <= (endpoint.maxOffset ?? 0);
  if (isWithinOffsets) {
    return storeAndDefer(sent, judged, { delayMs: 0, countsAs: 'nothing', tokenRefused: true }, services);
  }
  const message = messageOf(judged);
  return settleAnswer(sent, judged, { kind: 'failed', code: 'upstream_rejected', message, parameter: false }, services);
}

/** Stores the bytes that arrived before anything is concluded from them. */
async function storeBody(sent: SentAttempt, bytes: BodyBytes, services: ActingServices): Promise<void> {
  const { storage, storageGate } = services;
  await storageGate.guard((failed) => repeatUntilDone(services, () => keepBody(storage, sent, bytes), failed));
}

/** The upstream's status code and message, such as `40501 Invalid Field: 'target'.` */
function messageOf({ decision }: JudgedReply): string {
  return 'facts' in decision ? `${decision.facts.statusCode ?? ''} ${decision.facts.message}`.trim() : '';
}

interface Delay {
  readonly delayMs: number;
  readonly countsAs: 'failure' | 'nothing';
  readonly tokenRefused?: true;
}

/** Sends the call again later. The answer is stored first: what it cost must be known after a crash. */
async function storeAndDefer(
  sent: SentAttempt,
  judged: JudgedReply,
  { delayMs, ...delay }: Delay,
  services: ActingServices,
): Promise<void> {
  const verdict = { kind: 'deferred', ...delay, message: messageOf(judged) } as const;
  const header = await storeAnswer(sent, judged, verdict, services);
  if (header === null) return;
  const { countsAs } = delay;
  return deferCall(sent, { cost: header.cost, id: costIdOf(header), delayMs, countsAs }, services);
}

async function deferCall(
  sent: SentAttempt,
  deferral: Omit<Deferral, 'sentAt'>,
  services: ActingServices,
): Promise<void> {
  const { ledger, queues, dispatcher } = services;
  const { last } = await repeatUntilDone(services, () => ledger.defer(sent, { ...deferral, sentAt: sent.sentAt }));
  if (last) await queues.add('finish', sent.job);
  await dispatcher.fill();
}
