import type { Message } from '@linkhaul/jobs';
import { NewerFormat } from '@linkhaul/storage';
import type { Services } from '../services.js';

/**
 * Takes the call's job up. False if a newer version works on it by now: then the call goes back to the plan, from which
 * only workers of that version take it. In the window it would keep a place from other jobs.
 */
export async function takeUpCall(
  message: Message<'call'>,
  { store, ledger, dispatcher, logger }: Pick<Services, 'store' | 'ledger' | 'dispatcher' | 'logger'>,
): Promise<boolean> {
  try {
    await store.takeUp(message.job);
    return true;
  } catch (err) {
    if (!(err instanceof NewerFormat)) throw err;
    logger.warn({ err, job: message.job.id, call: message.call }, 'a call waits for a newer version');
    await ledger.shelve(message);
    await dispatcher.fill();
    return false;
  }
}
