import type { StoredSnapshot } from '@linkhaul/storage';
import type { Access } from '../redis/access.js';
import { ownerName } from './write-snapshot.js';

const NAMES_AT_ONCE = 1_000;
/**
 * Numbers are times. A lost snapshot is later than all that Redis knows, apart from the difference between the clocks of two
 * servers. Earlier ones that Redis does not know are of removed jobs, or of an era that is over.
 */
const CLOCKS_DIFFER_MS = 3_600_000;

/** The snapshots that are newer than what Redis has: tenants before jobs. */
export async function findNewer(stored: readonly StoredSnapshot[], { redis, keys }: Access): Promise<StoredSnapshot[]> {
  let last = 0;
  const newer: StoredSnapshot[] = [];
  for (let from = 0; from < stored.length; from += NAMES_AT_ONCE) {
    const some = stored.slice(from, from + NAMES_AT_ONCE);
    const numbers = await redis.hmget(keys.snapshots, ...some.map(({ owner }) => ownerName(owner)));
    for (const [at, found] of some.entries()) {
      const known = Number(numbers[at] ?? 0);
      last = Math.max(last, known);
      if (found.number > known) newer.push(found);
    }
  }
  const late = newer.filter(({ number }) => number > last - CLOCKS_DIFFER_MS);
  const buried = await Promise.all(late.map(({ owner }) => redis.zscore(keys.buried, ownerName(owner))));
  const lost = late.filter((_, at) => buried[at] === null);
  return lost.sort((a, b) => Number('id' in a.owner) - Number('id' in b.owner));
}
