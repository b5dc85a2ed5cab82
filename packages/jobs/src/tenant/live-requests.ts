import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** A live request. Requests of one tenant are equal if their paths and bodies have the same hash. */
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
  /** The job that answers the request: `request.job`, unless an equal request has one. */
  claim(request: LiveRequest): Promise<string>;
  /** The client has gone, and the answer is bought: keeps the claim for equal requests. */
  keep(request: LiveRequest): Promise<void>;
  /** Ends the claim: the answer was sent, or there will be none. */
  end(request: LiveRequest): Promise<void>;
}

const release = script<LiveRequest & { kept_ms: number }>()('tenant/release_live', z.string());

export function createLiveRequests({ redis, keys, timing, run }: Access): LiveRequests {
  const keptMs = timing.liveWaitMs + timing.liveKeptMs;
  return {
    async claim({ tenant, hash, job }) {
      const claimed = await redis.set(keys.liveRequest(tenant, hash), job, 'PX', keptMs, 'NX');
      // If the other claim has expired in between, both requests buy, as they would without claims.
      return claimed === 'OK' ? job : ((await redis.get(keys.liveRequest(tenant, hash))) ?? job);
    },
    async keep(request) {
      await run(release, { ...request, kept_ms: timing.liveKeptMs });
    },
    async end(request) {
      await run(release, { ...request, kept_ms: 0 });
    },
  };
}
