import pLimit from 'p-limit';
import type { Services } from '../services.js';

const SNAPSHOTS_A_ROUND = 1_000;
const SNAPSHOTS_AT_ONCE = 8;

/** Stores snapshots of the jobs and tenants that have changed. If one fails, it is tried again later, and the others are stored. */
export async function keepSnapshots({ snapshots, logger }: Pick<Services, 'snapshots' | 'logger'>): Promise<void> {
  const limit = pLimit(SNAPSHOTS_AT_ONCE);
  await limit.map(await snapshots.due(SNAPSHOTS_A_ROUND), async (name) => {
    try {
      await snapshots.keep(name);
    } catch (err) {
      logger.error({ err, name }, 'could not store a snapshot');
    }
  });
}
