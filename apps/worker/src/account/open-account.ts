import { isAccountKnown, markAccountKnown } from '@linkhaul/storage';
import type { Services } from '../services.js';

/**
 * The permit's keys are made once, before the account's first call, and storage remembers that they were: where they are
 * missing later, requests may be in flight that nobody knows of. With storage in Redis itself both are lost together.
 */
export async function openAccount({ account, storage, permits }: Services): Promise<void> {
  if (await isAccountKnown(storage, account)) return;
  await permits.firstBoot();
  await markAccountKnown(storage, account);
}
