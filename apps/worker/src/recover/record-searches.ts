import type { Restoration } from '@linkhaul/jobs';
import { keepSearchStart, listAccounts, readSearchStart } from '@linkhaul/storage';
import type { Services } from '../services.js';

/** Every change is in a snapshot within this time, so calls may have been sent this long after the last snapshot. */
const KEPT_WITHIN_MS = 120_000;

type SearchServices = Pick<Services, 'storage' | 'env'> & {
  readonly restoration: Pick<Restoration, 'searchRecordFrom'>;
};

/**
 * Requests a search of the upstream's record for calls that were sent after the last snapshot, or after that of an earlier loss
 * whose search has not ended. `newest`: when the last snapshot was taken.
 */
export async function beginRecordSearches(newest: number, services: SearchServices): Promise<void> {
  const { storage, env, restoration } = services;
  for (const account of await listAccounts(storage)) {
    const before = (await readSearchStart(storage, account)) ?? newest;
    const from = Math.min(before, newest - KEPT_WITHIN_MS - env.limits.leaseMs);
    await keepSearchStart(storage, account, from);
    await restoration.searchRecordFrom(account, from);
  }
}
