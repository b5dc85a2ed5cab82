import { endpointOf } from '@linkhaul/schemas';
import { rootOf } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';
import type { SentAttempt } from './sent-attempt.js';

/**
 * The most calls that splitting one original call may lead to. One bad target among 1,000 takes 20 calls, of which 10 are
 * answered and charged; 14 bad targets, placed as badly as possible, take 198.
 */
const MAX_EXTRA_CALLS = 200;

/** Whether a call that has a bad target may be split. With one target it may not: that target is the bad one. */
export async function maySplit(
  sent: SentAttempt,
  services: Pick<Services, 'ledger' | 'stopping' | 'logger'>,
): Promise<boolean> {
  const { plan, description } = sent.planned;
  if (endpointOf(description.endpoint).kind !== 'bulk' || sent.targets.length < 2) return false;
  const limit = { root: rootOf(sent.call, plan), most: MAX_EXTRA_CALLS };
  return repeatUntilDone(services, () => services.ledger.maySplit(sent, limit));
}
