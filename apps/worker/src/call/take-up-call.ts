import type { Message } from '@linkhaul/jobs';
import { NewerFormat } from '@linkhaul/storage';
import type { Services } from '../services.js';

type HandingOver = Pick<Services, 'ledger' | 'dispatcher' | 'logger'>;

/** Takes the call's job up. False if a newer version works on it by now: then the call is left to that. */
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
 * Gives a call back to its plan. A job of a newer version is dispatched by workers of that version only; in the window
 * the call would keep a place from other jobs.
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
