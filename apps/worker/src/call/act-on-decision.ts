import type { AnswerBytes } from '@linkhaul/client';
import type { Deferral } from '@linkhaul/jobs';
import type { FailedCode } from '@linkhaul/schemas';
import { keepBody } from '@linkhaul/storage';
import { pauseAccount } from '../account/pause-account.js';
import { backoffMs } from '../classify/backoff.js';
import { costIdOf } from '../outcome/settlement.js';
import type { Services } from '../services.js';
import { persist } from '../settle/repeat-until-done.js';
import { settleAnswer, store } from '../settle/store-answer.js';
import { MAX_FAILURES } from './attempt-limits.js';
import { doubtOf } from './mark-unknown.js';
import { maySplit } from './may-split.js';
import type { Judged, SentCall } from './sent-attempt.js';

/** Does what the decision asks: the one place where an attempt's outcome becomes a transition of the ledger. */
export async function act(sent: SentCall, judged: Judged, services: Services): Promise<void> {
  const { decision } = judged;
  switch (decision.action) {
    case 'ok':
    case 'empty':
      return settleAnswer(sent, judged, { kind: 'answered', services });
    case 'fail':
      return fail(sent, judged, { code: 'upstream_rejected', services });
    case 'unreadable':
      return fail(sent, judged, { code: 'answer_unreadable', services });
    case 'stop':
      return fail(sent, judged, { code: 'upstream_rejected', parameter: true, services });
    case 'split':
      if (!(await maySplit(sent, services))) return fail(sent, judged, { code: 'upstream_rejected', services });
      return settleAnswer(sent, judged, { kind: 'split', message: wordsOf(judged), services });
    case 'wait':
      return defer(sent, judged, { delayMs: decision.waitMs, countsAs: 'nothing', services });
    case 'retry':
      if (sent.failures + 1 >= MAX_FAILURES) return fail(sent, judged, { code: 'upstream_error', services });
      return defer(sent, judged, { delayMs: backoffMs(sent.failures), countsAs: 'failure', services });
    case 'slow':
      await persist(services, () => services.permits.slow(decision.waitMs, decision.met));
      return defer(sent, judged, { delayMs: decision.waitMs, countsAs: 'nothing', services });
    case 'pause':
      await persist(services, () => pauseAccount(decision.reason, services));
      return defer(sent, judged, { delayMs: 0, countsAs: 'nothing', services });
    case 'unsent':
      // Nothing ran and nothing was paid: the call is not at fault, so that its rows never fail for it.
      return putOff(sent, { cost: 0, delayMs: backoffMs(sent.unsent), countsAs: 'unsent' }, services);
    case 'unknown':
      if (decision.kept !== null) await keep(sent, decision.kept, services);
      return persist(services, () => services.ledger.markUnknown(sent, doubtOf(services)));
  }
}

/** What came is in storage before anything is concluded from it. */
async function keep(sent: SentCall, bytes: AnswerBytes, services: Services): Promise<void> {
  const { storage, storageGate } = services;
  await storageGate.guard((failed) => persist(services, () => keepBody(storage, sent, bytes), failed));
}

interface Failing {
  readonly code: FailedCode;
  readonly parameter?: boolean;
  readonly services: Services;
}

async function fail(sent: SentCall, judged: Judged, { code, parameter = false, services }: Failing): Promise<void> {
  return settleAnswer(sent, judged, { kind: 'failed', code, message: wordsOf(judged), parameter, services });
}

/** What the upstream said, with its code. */
function wordsOf({ decision }: Judged): string {
  return 'facts' in decision ? `${decision.facts.statusCode ?? ''} ${decision.facts.message}`.trim() : '';
}

interface Deferring {
  readonly delayMs: number;
  readonly countsAs: 'failure' | 'nothing';
  readonly services: Services;
}

/** The answer decides nothing; it is stored all the same, for what it cost must be known after a crash. */
async function defer(sent: SentCall, judged: Judged, { delayMs, countsAs, services }: Deferring): Promise<void> {
  const header = await store(sent, judged, { kind: 'deferred', countsAs, message: wordsOf(judged), services });
  if (header === null) return;
  return putOff(sent, { cost: header.cost, id: costIdOf(header), delayMs, countsAs }, services);
}

async function putOff(sent: SentCall, deferral: Omit<Deferral, 'sentAt'>, services: Services): Promise<void> {
  const { ledger, queues, dispatcher } = services;
  const { last } = await persist(services, () => ledger.defer(sent, { ...deferral, sentAt: sent.sentAt }));
  if (last) await queues.add('finish', sent.job);
  await dispatcher.fill();
}
