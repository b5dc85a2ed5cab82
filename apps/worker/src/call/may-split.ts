import { endpointOf } from '@linkhaul/schemas';
import { rootOf } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { persist } from '../settle/repeat-until-done.js';
import type { SentCall } from './sent-attempt.js';

/**
 * Calls that splitting one root call may bring about. One bad target among 1,000 takes 20, of which 10 are answered and
 * charged; 14 at the worst places take 198. More bad ones than that in one call are hardly bad rows, and every good half
 * is bought at a call's full price: the bound keeps it at some 100 of these.
 */
const MOST_EXTRA_CALLS = 200;

/** Whether a call that one of its targets spoils is split; a target alone is itself the bad one. */
export async function maySplit(
  sent: SentCall,
  services: Pick<Services, 'ledger' | 'stopping' | 'logger'>,
): Promise<boolean> {
  const { plan, description } = sent.planned;
  if (endpointOf(description.endpoint).kind === 'list' || sent.targets.length < 2) return false;
  const limit = { root: rootOf(sent.call, plan), most: MOST_EXTRA_CALLS };
  return persist(services, () => services.ledger.maySplit(sent, limit));
}
