import { type Deferral, jobFromName } from '@linkhaul/jobs';
import type { FailedCode, PauseReason } from '@linkhaul/schemas';
import { backoffMs } from '../classify/backoff.js';
import type { Services } from '../services.js';
import { MAX_FAILURES } from './failures.js';
import { persist } from './persist.js';
import type { Judged, SentCall } from './sent-call.js';
import { settleAnswer } from './settle.js';

/** Does what the decision asks: the one place where an attempt's outcome becomes a transition of the ledger. */
export async function act(sent: SentCall, judged: Judged, services: Services): Promise<void> {
  const { decision } = judged;
  switch (decision.action) {
    case 'ok':
    case 'empty':
      return settleAnswer(sent, judged, { kind: 'answered', services });
    case 'fail':
      return fail(sent, judged, { code: 'upstream_rejected', services });
    case 'retry':
      if (sent.failures + 1 >= MAX_FAILURES) return fail(sent, judged, { code: 'upstream_error', services });
      return defer(
        sent,
        { cost: decision.facts.cost, delayMs: backoffMs(sent.failures), countsAs: 'failure' },
        services,
      );
    case 'slow':
      await persist(services, () => services.permits.slow(decision.waitMs, decision.met));
      return defer(sent, { cost: decision.facts.cost, delayMs: decision.waitMs, countsAs: 'nothing' }, services);
    case 'pause':
      await persist(services, () => pauseJobs(decision.reason, services));
      return defer(sent, { cost: decision.facts.cost, delayMs: 0, countsAs: 'nothing' }, services);
    case 'unsent':
      return unsent(sent, services);
    case 'unknown':
      return persist(services, () => services.ledger.markUnknown(sent, services.env.unknown.lookUpAfterMs));
  }
}

async function fail(sent: SentCall, judged: Judged, how: { code: FailedCode; services: Services }): Promise<void> {
  const { decision } = judged;
  const message = 'facts' in decision ? `${decision.facts.statusCode ?? ''} ${decision.facts.message}`.trim() : '';
  return settleAnswer(sent, judged, { kind: 'failed', code: how.code, message, services: how.services });
}

/** Nothing ran and nothing was paid: the call is not at fault, so that its rows never fail for it. */
async function unsent(sent: SentCall, services: Services): Promise<void> {
  if (sent.unsent + 1 < MAX_FAILURES) {
    return defer(sent, { cost: 0, delayMs: backoffMs(sent.unsent), countsAs: 'unsent' }, services);
  }
  await persist(services, () => pauseJobs('upstream_down', services));
  return defer(sent, { cost: 0, delayMs: 0, countsAs: 'nothing' }, services);
}

async function defer(sent: SentCall, deferral: Deferral, services: Services): Promise<void> {
  const { ledger, queues, dispatcher } = services;
  const { last } = await persist(services, () => ledger.defer(sent, deferral));
  if (last) await queues.add('finish', sent.job);
  await dispatcher.fill();
}

/** The account cannot go on: every job of it waits, and nothing is lost. */
async function pauseJobs(reason: PauseReason, { store, ledger, logger }: Services): Promise<void> {
  const names = await store.active();
  for (const name of names) await ledger.act(jobFromName(name), { action: 'pause', by: 'system', reason });
  logger.warn({ reason, jobs: names.length }, 'account paused');
}
