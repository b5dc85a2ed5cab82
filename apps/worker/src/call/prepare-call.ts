import { attemptTag, type Grant, type Message, type Wanted } from '@linkhaul/jobs';
import { rowsOf } from '../outcome/planned-call.js';
import { type FoundCopies, findCopies } from '../reuse/find-copies.js';
import { settleCopies } from '../reuse/settle-copies.js';
import type { Services } from '../services.js';
import { settleFrom, settleStored } from '../settle/settle-stored.js';
import { markUnknown } from './mark-unknown.js';
import { pageTokenFor } from './page-token.js';
import type { SentAttempt } from './sent-attempt.js';
import { itemsAsked } from './upstream-request.js';

/** A call that has a grant and is about to be sent. */
export interface PreparedCall {
  readonly sent: SentAttempt;
  readonly grant: Extract<Grant, { granted: true }>;
}

/** Reason not to send a call: storage already has its answer. */
const STORED = 'stored';
/** Reason to refuse a grant: another call has bought one of the targets since stored answers were looked up. */
const ANSWERED = 'answered';

/**
 * Does everything before the send. The grant comes last, so that no call is marked as sent without being sent. Null if the call
 * must not be sent now. `wasSent`: whether this process has already sent a request with the tag.
 */
export async function prepareCall(
  message: Message<'call'>,
  wasSent: (tag: string) => boolean,
  services: Services,
): Promise<PreparedCall | null> {
  const { source, permits, draining, queues, metrics } = services;
  const planned = await source.job(message.job);
  if (planned === null) return null;
  const previous = { ...message, attempt: message.attempt - 1 };
  if (previous.attempt > 0 && (await settleStored(previous, planned, services)) === 'settled') return null;
  const targets = await source.targets(message.job, planned.plan, message.call);
  const pageToken = await pageTokenFor({ ...message, planned, targets }, services);
  // While storage is away, an answer could not be stored.
  await services.storageGate.open(draining);
  const found = await copiesOrGrant(message, { planned, targets }, services);
  if (found === null) return null;
  const { grant, copies } = found;
  const { nonce, sentAt, failures, unsent, items } = grant;
  const tag = attemptTag({ jobId: message.job.id, call: message.call, attempt: message.attempt, nonce });
  // Asking for a grant again returns the same grant. It must not be used twice.
  if (wasSent(tag)) {
    await markUnknown(message, services);
    return null;
  }
  if (!grant.fresh() || draining.aborted) {
    metrics.givenBack();
    const { last } = await permits.giveBack(message);
    if (last) await queues.add('finish', message.job);
    return null;
  }
  const asked = { tag, nonce, planned, targets, copies, pageToken };
  return { grant, sent: { ...message, ...asked, sentAt, failures, unsent, items } };
}

interface GrantedCall extends Pick<SentAttempt, 'copies'> {
  readonly grant: PreparedCall['grant'];
}

/**
 * Gets a grant for the call's targets that no stored answer covers. Null if the call must not be sent now, or stored answers cover
 * all its targets.
 */
async function copiesOrGrant(
  message: Message<'call'>,
  call: Omit<CallToSend, 'copies'>,
  services: Services,
): Promise<GrantedCall | null> {
  const { metrics, tracing } = services;
  for (;;) {
    const found = await copiesFor({ ...call, call: message.call }, services);
    const isAll = found?.wanted.targets.length === 0;
    // If a request of this attempt may be on its way, the grant decides what to do.
    if (found !== null && isAll && (await isUnsent(message, services))) {
      const { copies, wanted } = found;
      if (await settleCopies(message, { ...call, copies, until: wanted.until }, services)) return null;
      continue;
    }
    const { copies = null, wanted } = isAll ? {} : (found ?? {});
    const grant = await tracing.step('grant', async (note) => {
      const toSend = { ...call, copies, ...(wanted && { wanted }) };
      const grant = await metrics.whileWaiting(() => grantUnlessStored(message, toSend, services));
      note({ 'linkhaul.granted': grant.granted });
      return grant;
    });
    if (grant.granted) return { grant, copies };
    if (grant.why === ANSWERED) continue;
    await handleRefusal(message, grant.why, services);
    return null;
  }
}

/** Looks for stored answers as a step of the call's trace, if the job says `max_age`. */
async function copiesFor(asking: Parameters<typeof findCopies>[0], services: Services): Promise<FoundCopies | null> {
  if (asking.planned.description.max_age === undefined) return null;
  return services.tracing.step('reuse', async (note) => {
    const found = await findCopies(asking, services);
    note({ 'linkhaul.copied': found?.copies.filter((copy) => copy !== null).length ?? 0 });
    return found;
  });
}

async function isUnsent(message: Message<'call'>, { calls }: Services): Promise<boolean> {
  const live = await calls.live(message);
  return live?.state === 'planned' && live.attempt + 1 === message.attempt;
}

/** A refused call belongs to another worker, or returns to its plan. */
async function handleRefusal(message: Message<'call'>, why: string, services: Services): Promise<void> {
  const { ledger, queues } = services;
  if (why === STORED) return;
  if (why === 'sending') await markUnknown(message, services);
  else await ledger.shelve(message);
  // Without money or time left, the job ends here if none of its calls is open.
  if (why === 'budget' || why === 'deadline') await queues.add('finish', message.job);
}

interface CallToSend extends Pick<SentAttempt, 'planned' | 'targets' | 'copies'> {
  readonly wanted?: Wanted;
}

/** If Redis may have lost writes since the job was accepted, storage is asked for the call's answer before the send. */
async function grantUnlessStored(message: Message<'call'>, call: CallToSend, services: Services): Promise<Grant> {
  for (let checkedUnder: string | undefined; ; ) {
    const grant = await requestGrant(
      { ...message, ...(checkedUnder !== undefined && { checkedUnder }) },
      call,
      services,
    );
    if (grant.granted || grant.epoch === undefined) return grant;
    if ((await settleFrom(message, call.planned, services)) !== null) return { granted: false, why: STORED };
    checkedUnder = grant.epoch;
  }
}

async function requestGrant(
  message: Message<'call'> & { readonly checkedUnder?: string },
  { planned, targets, copies, wanted }: CallToSend,
  { permits, env, draining }: Services,
): Promise<Grant> {
  const rows = rowsOf({ call: message.call, targets });
  const items = itemsAsked({ call: message.call, targets, copies }, planned);
  try {
    const { prices, tenantDaily } = env;
    const money = { ...items, prices, tenantDaily };
    return await permits.grant({ ...message, rows, money, ...(wanted && { wanted }) }, draining);
  } catch (error) {
    if (!draining.aborted) throw error;
    // Redis may have given the grant although its reply did not arrive.
    await permits.giveBack(message);
    return { granted: false, why: 'draining' };
  }
}
