import { randomUUID } from 'node:crypto';
import type { ChainableCommander } from 'ioredis';
import pLimit from 'p-limit';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { execute } from '../redis/transaction.js';

/**
 * The claim of the worker that carries out a recovery. It is over once another worker has made its own, once the recovery
 * has ended, and once Redis has lost everything again. A worker that stood still meanwhile writes nothing more: what it
 * read from storage may be older than what users have done since then.
 */
export interface RecoveryClaim {
  /** Writes all or nothing. Rejects with `ClaimOver` if the claim is over. */
  write(add: (multi: ChainableCommander) => void): Promise<void>;
  /** Notes progress. */
  note(progress: Progress): Promise<void>;
  /** Redis knows the installation again, and everything is served. */
  end(installation: string): Promise<void>;
}

interface Progress {
  /** Jobs to be restored. */
  readonly jobs?: number;
  readonly done?: number;
  /** Why this try stopped. Null: it has not. */
  readonly failure?: string | null;
  /** Snapshots that could not be read. */
  readonly unreadable?: readonly string[];
}

export class ClaimOver extends Error {
  override readonly name = 'ClaimOver';
}

/**
 * Claims the recovery. `access`: of a connection for this alone, because it watches a key. `era`: that of the snapshots
 * that are restored, and of those that are taken meanwhile. Rejects with `ClaimOver` if there is no recovery to carry out.
 */
export async function claimRecovery({ redis, keys }: Access, era: string): Promise<RecoveryClaim> {
  const claim = randomUUID();
  const oneAtATime = pLimit(1);
  /** The key is watched, so it holds what was checked until the transaction is executed. */
  const writeIf = (isOpen: () => Promise<boolean>, add: (multi: ChainableCommander) => void) =>
    oneAtATime(async () => {
      for (;;) {
        await redis.watch(keys.recovery);
        if (!(await isOpen())) throw new ClaimOver('another worker, or another loss of Redis, has ended this recovery');
        const multi = redis.multi();
        add(multi);
        if (await execute(multi)) return;
      }
    });
  const isMine = async () => (await redis.hget(keys.recovery, 'claim')) === claim;
  const isGoing = async () => ['asked', 'running'].includes((await redis.hget(keys.recovery, 'state')) ?? '');
  const write: RecoveryClaim['write'] = (add) => writeIf(isMine, add);

  await writeIf(isGoing, (multi) => {
    multi.hset(keys.recovery, { state: 'running', claim });
    if (era !== '') multi.hset(keys.installation, { era });
  });
  return {
    write,
    note: ({ jobs, done, failure, unreadable }) =>
      write((multi) => {
        if (jobs !== undefined) multi.hset(keys.recovery, { jobs });
        if (done !== undefined) multi.hset(keys.recovery, { done });
        if (failure !== undefined) multi.hset(keys.recovery, { failure: failure ?? '' });
        if (unreadable !== undefined) multi.hset(keys.recovery, { unreadable: JSON.stringify(unreadable) });
      }),
    async end(installation) {
      const ended = { state: 'done', ended_at: await redisNow(redis), failure: '', claim: '' };
      await write((multi) => multi.hset(keys.installation, { id: installation }).hset(keys.recovery, ended));
    },
  };
}
