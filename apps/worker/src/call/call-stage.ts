import { attemptTag, callLease, type Grant, type Message } from '@linkhaul/jobs';
import { createRecent } from '../cache/lru-cache.js';
import { classify, type Decision } from '../classify/classify-reply.js';
import { rowsOf } from '../outcome/planned-call.js';
import type { Services } from '../services.js';
import { persist } from '../settle/repeat-until-done.js';
import { settleFrom, settleStored } from '../settle/settle-stored.js';
import { act } from './act-on-decision.js';
import { DEATHS_BEFORE_ALONE } from './attempt-limits.js';
import { reportEnd } from './end-lease.js';
import { createSolitude } from './exclusive-lock.js';
import { doubtOf } from './mark-unknown.js';
import type { Judged, SentCall } from './sent-attempt.js';
import { askedOf, itemsAsked, requestFor } from './upstream-request.js';

type Granted = Extract<Grant, { granted: true }>;

/** Why a call is not sent whose answer storage had. */
const STORED = 'stored';

/** More than can be in BullMQ's window while one of its messages is repeated. */
const ATTEMPTS_REMEMBERED = 10_000;

/**
 * One attempt of a call: grant, send, classify, act. The grant is the last thing before the bytes leave, so that nothing
 * is marked as sent that never left.
 */
export function createCallStage(services: Services): (message: Message<'call'>) => Promise<void> {
  const inProgress = new Set<string>();
  const left = createRecent<true>(ATTEMPTS_REMEMBERED);
  const solitude = createSolitude();
  const attempt = async (message: Message<'call'>) => {
    const hasLeft = (tag: string) => left.get(tag) === true;
    const granted = await services.storageWatch.whenServing(() => prepare(message, hasLeft, services));
    if (granted === null) return await services.dispatcher.fill();
    left.set(granted.sent.tag, true);
    await sendSafely(granted, services);
  };
  return async (message) => {
    const lease = callLease(message);
    // BullMQ may hand a message out twice, to this process too: the first run of it still owns the attempt.
    if (inProgress.has(lease)) return;
    inProgress.add(lease);
    try {
      const how = { alone: await killsWorkers(message, services), signal: services.draining };
      const ran = await solitude.run(() => attempt(message), how);
      if (!ran) await services.ledger.shelve(message);
    } finally {
      inProgress.delete(lease);
    }
  };
}

/** Whether so many workers have died with this call that it must be found out whether it kills them. */
async function killsWorkers(message: Message<'call'>, { calls }: Services): Promise<boolean> {
  // Each death has taken an attempt: few calls need to be looked at.
  if (message.attempt <= DEATHS_BEFORE_ALONE) return false;
  return ((await calls.live(message))?.deaths ?? 0) >= DEATHS_BEFORE_ALONE;
}

interface GrantedCall {
  readonly sent: SentCall;
  readonly grant: Granted;
}

/** Everything before the bytes leave; null where they are not to leave now. */
async function prepare(
  message: Message<'call'>,
  hasLeft: (tag: string) => boolean,
  services: Services,
): Promise<GrantedCall | null> {
  const { source, permits, draining, queues, metrics } = services;
  const planned = await source.job(message.job);
  if (planned === null) return null;
  const before = { ...message, attempt: message.attempt - 1 };
  if (before.attempt > 0 && (await settleStored(before, planned, services)) === 'settled') return null;
  const targets = await source.targets(message.job, planned.plan, message.call);
  // No call is sent that could not be stored.
  await services.storageGate.open(draining);
  const grant = await metrics.whileWaiting(() => grantUnlessStored(message, { planned, targets }, services));
  if (!grant.granted) {
    await standBack(message, grant.why, services);
    return null;
  }
  const { nonce } = grant;
  const tag = attemptTag({ jobId: message.job.id, call: message.call, attempt: message.attempt, nonce });
  // Asking again for a grant gives the same one: for a request that has left it must not be used again.
  if (hasLeft(tag)) {
    await services.ledger.markUnknown(message, doubtOf(services));
    return null;
  }
  if (!grant.fresh() || draining.aborted) {
    metrics.givenBack();
    const { last } = await permits.giveBack(message);
    if (last) await queues.add('finish', message.job);
    return null;
  }
  return {
    grant,
    sent: { ...message, tag, nonce, planned, targets, ...termsOf(grant) },
  };
}

/** Refused a grant, a call is somebody else's, or waits for its turn again. */
async function standBack(message: Message<'call'>, why: string, { ledger, queues, ...rest }: Services): Promise<void> {
  if (why === STORED) return;
  if (why === 'sending') await ledger.markUnknown(message, doubtOf(rest));
  else await ledger.shelve(message);
  // The job's money or time may be over, with nothing of it left open.
  if (why === 'budget' || why === 'deadline') await queues.add('finish', message.job);
}

function termsOf({ sentAt, failures, unsent, items }: Granted) {
  return { sentAt, failures, unsent, items };
}

/**
 * A Redis that is not the one by which the job was accepted may have lost what was written last: storage is asked for the
 * call's answer before it is sent.
 */
async function grantUnlessStored(
  message: Message<'call'>,
  call: Pick<SentCall, 'planned' | 'targets'>,
  services: Services,
): Promise<Grant> {
  for (let checkedUnder: string | undefined; ; ) {
    const grant = await grantFor({ ...message, ...(checkedUnder !== undefined && { checkedUnder }) }, call, services);
    if (grant.granted || grant.epoch === undefined) return grant;
    if ((await settleFrom(message, call.planned, services)) !== null) return { granted: false, why: STORED };
    checkedUnder = grant.epoch;
  }
}

async function grantFor(
  message: Message<'call'> & { readonly checkedUnder?: string },
  { planned, targets }: Pick<SentCall, 'planned' | 'targets'>,
  { permits, env, draining }: Services,
): Promise<Grant> {
  const rows = rowsOf({ call: message.call, targets });
  const items = itemsAsked({ call: message.call, targets }, planned);
  try {
    const { prices, tenantDaily } = env;
    return await permits.grant({ ...message, rows, money: { ...items, prices, tenantDaily } }, draining);
  } catch (error) {
    if (!draining.aborted) throw error;
    // The grant may have been given, and its reply lost.
    await permits.giveBack(message);
    return { granted: false, why: 'draining' };
  }
}

/**
 * Whatever fails from here on, the request has left: its attempt must never be taken for one that can be sent again,
 * which a message that BullMQ repeats would do.
 */
async function sendSafely(granted: GrantedCall, services: Services): Promise<void> {
  const { sent, grant } = granted;
  try {
    const judged = await send(granted, services);
    const end = () => reportEnd({ lease: grant.lease, sentAt: sent.sentAt, ...judged }, services);
    // The third answer that cannot be read stops its endpoint: no slot is free for another such call before it is settled.
    const mayStop = judged.decision.action === 'unreadable';
    if (!mayStop) await end();
    await act(sent, judged, services);
    if (mayStop) await end();
  } catch (err) {
    services.logger.error({ err, job: sent.job.id, call: sent.call, attempt: sent.attempt }, 'an attempt broke off');
    await persist(services, () => services.ledger.markUnknown(sent, doubtOf(services)));
  }
}

async function send({ sent, grant }: GrantedCall, services: Services): Promise<Judged> {
  const { upstream, logger, stopping, metrics } = services;
  const { description } = sent.planned;
  const startedAt = performance.now();
  const { endpoint } = description;
  const reply = await metrics.whileSending(() => upstream.call(endpoint, requestFor(sent), stopping));
  const durationMs = performance.now() - startedAt;
  const decision = classify(reply, askedOf(sent));
  const cost = 'facts' in decision ? decision.facts.cost : null;
  metrics.called({ endpoint, action: decision.action, cost: cost ?? 0, seconds: durationMs / 1000 });
  logger.info(
    {
      job: sent.job.id,
      tenant: sent.job.tenant,
      endpoint,
      call: sent.call,
      attempt: sent.attempt,
      targets: sent.targets.length,
      action: decision.action,
      code: 'facts' in decision ? decision.facts.statusCode : null,
      why: whyOf(decision),
      cost_nanos: cost,
      duration_ms: Math.round(durationMs),
    },
    'call',
  );
  return { reply, decision, answeredAt: grant.redisNow() };
}

/** In words, what was not as it should be. */
function whyOf(decision: Decision): string | null {
  if ('why' in decision) return decision.why;
  return decision.action === 'ok' || decision.action === 'empty' ? null : decision.facts.message;
}
