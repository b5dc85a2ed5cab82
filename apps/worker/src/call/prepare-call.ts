import { attemptTag, type Grant, type Message } from '@linkhaul/jobs';
import { rowsOf } from '../outcome/planned-call.js';
import type { Services } from '../services.js';
import { settleFrom, settleStored } from '../settle/settle-stored.js';
import { markUnknown } from './mark-unknown.js';
import { pageTokenFor } from './page-token.js';
import type { SentAttempt } from './sent-attempt.js';
import { itemsAsked } from './upstream-request.js';

/** A call that has its grant and is to be sent now. */
export interface PreparedCall {
  readonly sent: SentAttempt;
  readonly grant: Extract<Grant, { granted: true }>;
}

/** Why a call is not sent: storage already has its answer. */
const STORED = 'stored';

/**
 * Does everything up to the send, and gets the grant last, so that no call is marked as sent that was not sent. Null if
 * the call must not be sent now. `wasSent`: whether this process has already sent a request with that tag.
 */
export async function prepareCall(
  message: Message<'call'>,
  wasSent: (tag: string) => boolean,
  services: Services,
): Promise<PreparedCall | null> {
  const { source, permits, draining, queues, metrics, tracing } = services;
  const planned = await source.job(message.job);
  if (planned === null) return null;
  const previous = { ...message, attempt: message.attempt - 1 };
  if (previous.attempt > 0 && (await settleStored(previous, planned, services)) === 'settled') return null;
  const targets = await source.targets(message.job, planned.plan, message.call);
  const pageToken = await pageTokenFor({ ...message, planned, targets }, services);
  // While storage is away, an answer could not be stored.
  await services.storageGate.open(draining);
  const grant = await tracing.step('grant', async (note) => {
    const grant = await metrics.whileWaiting(() => grantUnlessStored(message, { planned, targets }, services));
    note({ 'linkhaul.granted': grant.granted });
    return grant;
  });
  if (!grant.granted) {
    await handleRefusal(message, grant.why, services);
    return null;
  }
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
  return { grant, sent: { ...message, tag, nonce, planned, targets, pageToken, sentAt, failures, unsent, items } };
}

/** A refused call belongs to another worker, or goes back to wait in the plan. */
async function handleRefusal(message: Message<'call'>, why: string, services: Services): Promise<void> {
  const { ledger, queues } = services;
  if (why === STORED) return;
  if (why === 'sending') await markUnknown(message, services);
  else await ledger.shelve(message);
  // Without money or time left, the job ends here if none of its calls is open.
  if (why === 'budget' || why === 'deadline') await queues.add('finish', message.job);
}

type CallToSend = Pick<SentAttempt, 'planned' | 'targets'>;

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
  { planned, targets }: CallToSend,
  { permits, env, draining }: Services,
): Promise<Grant> {
  const rows = rowsOf({ call: message.call, targets });
  const items = itemsAsked({ call: message.call, targets }, planned);
  try {
    const { prices, tenantDaily } = env;
    return await permits.grant({ ...message, rows, money: { ...items, prices, tenantDaily } }, draining);
  } catch (error) {
    if (!draining.aborted) throw error;
    // Redis may have given the grant although its reply did not arrive.
    await permits.giveBack(message);
    return { granted: false, why: 'draining' };
  }
}
