import type { Message } from '@linkhaul/jobs';
import { NewerFormat } from '@linkhaul/storage';
import type { Services } from '../services.js';

type HandingOver = Pick<Services, 'ledger' | 'dispatcher' | 'logger'>;

/** Takes up the call's job. False if a newer version works on the job: the call is then left to that version. */
export async function takeUpCall(
  message: Message<'call'>,
  services: HandingOver & Pick<Services, 'store'>,
): Promise<boolean> {
  try {
    await services.store.takeUp(message.job);
    return true;
  } catch (err) {
    if (!(err instanceof NewerFormat)) throw err;
    await leaveCall(message, err, services);
    return false;
  }
}

/**
 * Returns a call to its plan. Only workers of the newer version dispatch its job from now on. In the window, the call would keep
 * a place from other jobs.
 */
export async function leaveCall(
  message: Message<'call'>,
  err: NewerFormat,
  { ledger, dispatcher, logger }: HandingOver,
): Promise<void> {
  logger.warn({ err, job: message.job.id, call: message.call }, 'a call waits for a newer version');
  await ledger.shelve(message);
  await dispatcher.fill();
}
