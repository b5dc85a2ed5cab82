import { isAccountKnown, markAccountKnown } from '@linkhaul/storage';
import type { Services } from '../services.js';

/**
 * Makes the permit's keys once, before the account's first call, and notes that in storage. If the keys are missing later, Redis
 * has lost them, and requests may be in flight. (If Redis itself is the storage, both are lost together.)
 */
export async function openAccount({ account, storage, permits }: Services): Promise<void> {
  if (await isAccountKnown(storage, account)) return;
  await permits.firstBoot();
  await markAccountKnown(storage, account);
}
