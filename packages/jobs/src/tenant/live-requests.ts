import type { Access } from '../redis/access.js';

/** A live request by what it asks: requests of one tenant with the same hash of path and body are equal. */
export interface LiveRequest {
  readonly tenant: string;
  readonly hash: string;
  /** The id of the job that is to answer it. */
  readonly job: string;
}

/**
 * Which job answers a live request. An equal request joins that job until its answer has been sent, or, if its client
 * has gone, for ten minutes: what was paid for is not bought again.
 */
export interface LiveRequests {
  /** The job that answers the request: the one named, unless an equal request has one. */
  claim(request: LiveRequest): Promise<string>;
  /** The client has gone, and the answer is bought: keeps it for those who ask again. */
  keep(request: LiveRequest): Promise<void>;
  /** The answer was sent, or there will be none. */
  end(request: LiveRequest): Promise<void>;
}

export function createLiveRequests({ redis, keys, timing }: Access): LiveRequests {
  const keptMs = timing.liveWaitMs + timing.liveKeptMs;
  return {
    async claim({ tenant, hash, job }) {
      const claimed = await redis.set(keys.liveRequest(tenant, hash), job, 'PX', keptMs, 'NX');
      // If it has expired in between, both buy: that is what happens without it.
      return claimed === 'OK' ? job : ((await redis.get(keys.liveRequest(tenant, hash))) ?? job);
    },
    async keep({ tenant, hash }) {
      await redis.pexpire(keys.liveRequest(tenant, hash), timing.liveKeptMs);
    },
    async end({ tenant, hash, job }) {
      const isOwn = (await redis.get(keys.liveRequest(tenant, hash))) === job;
      if (isOwn) await redis.del(keys.liveRequest(tenant, hash));
    },
  };
}
