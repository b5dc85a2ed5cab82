import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { redisNow } from '../redis/time.js';
import { hourOf } from '../tenant/problems.js';

/** What fails, and since when, in ms on Redis' clock. */
export interface Failure {
  readonly at: number;
  readonly why: string;
}

/** What keeps workers from going on, as they report it, so that users learn why a job stands still. */
export interface WorkerReports {
  /** Reports that a look-up of the upstream's record failed. This holds until one succeeds. */
  lookUpFailed(account: string, why: string): Promise<void>;
  lookUpRead(account: string): Promise<void>;
  /** The last look-up, if it failed. */
  failedLookUp(account: string): Promise<Failure | null>;
  /** Reports that this worker cannot store, and sends nothing. Repeated every second while that is so. */
  storageAway(why: string): Promise<void>;
  /** Since when a worker has reported that it cannot store. Null if none does. */
  awayStorage(): Promise<Failure | null>;
}

/** A worker that has stopped reporting it has its storage back, or has died. */
const AWAY_MS = 4_000;
/** Longer than any outage. Without a limit the report of an unused account would stay for good. */
const FAILED_MS = 86_400_000;
/** A message of the upstream may have any length. */
const MOST_CHARACTERS = 300;

const { PROBLEMS_KEPT_MS } = CONSTANTS;

/** The upstream's status code (`40202`), or else the HTTP status (`http_503`), or `no_answer`. */
function codeOf(why: string): string {
  const [, http, code] = /^HTTP (\d{3})(?:, (\d{5})\b)?/.exec(why) ?? [];
  return code ?? (http === undefined ? 'no_answer' : `http_${http}`);
}

export function createWorkerReports({ redis, keys }: Access): WorkerReports {
  const read = async (key: string): Promise<Failure | null> => {
    const [at, why] = await redis.hmget(key, 'at', 'why');
    return at == null ? null : { at: Number(at), why: why ?? '' };
  };
  return {
    async lookUpFailed(account, why) {
      const key = keys.failedLookUp(account);
      const failure = { at: await redisNow(redis), why: why.slice(0, MOST_CHARACTERS) };
      const hour = hourOf(failure.at);
      const code = codeOf(why);
      await redis
        .multi()
        .hset(key, failure)
        .pexpire(key, FAILED_MS)
        .hincrby(keys.failedLookUps(account, hour), `${code}:count`, 1)
        .hset(keys.failedLookUps(account, hour), { [`${code}:at`]: failure.at, [`${code}:why`]: failure.why })
        .pexpire(keys.failedLookUps(account, hour), PROBLEMS_KEPT_MS)
        .exec();
    },
    async lookUpRead(account) {
      await redis.del(keys.failedLookUp(account));
    },
    failedLookUp: (account) => read(keys.failedLookUp(account)),
    async storageAway(why) {
      const key = keys.storageAway;
      const now = await redisNow(redis);
      // The first worker that reports it sets the time.
      await redis
        .multi()
        .hsetnx(key, 'at', String(now))
        .hset(key, { why: why.slice(0, MOST_CHARACTERS) })
        .pexpire(key, AWAY_MS)
        .exec();
    },
    awayStorage: () => read(keys.storageAway),
  };
}
