import type { JobRef } from '@linkhaul/storage';
import { createJobFeeds, type Follower } from './job-feeds.js';
import { createRoom, type Room } from './room.js';
import type { FeedSources } from './tenant-feed.js';
import { createTenantFeeds, type TenantFollower } from './tenant-feeds.js';

/** Some proxies close a connection after a minute of silence, or less. */
const HEARTBEAT_EVERY_MS = 15_000;
/** The most listeners of one tenant in this process. Each holds a connection. */
export const MOST_FOLLOWERS = 1_000;

/** The streams of changes that this process sends. */
export interface Feeds extends Pick<Room, 'hasRoom' | 'followers'> {
  /** The states of a job, until it is finished. */
  follow(job: JobRef): Follower;
  /** The changes of all jobs of a tenant, after the event with this id if it is still known. */
  followAll(tenant: string, lastId: string | null): TenantFollower;
  /** Ends the stream of every listener. */
  close(): void;
}

type Sources = Parameters<typeof createJobFeeds>[0] & FeedSources;

export function createFeeds(sources: Omit<Sources, 'room'>): Feeds {
  const room = createRoom(MOST_FOLLOWERS);
  const jobs = createJobFeeds({ ...sources, room });
  const tenants = createTenantFeeds({ ...sources, room });
  const heartbeats = setInterval(() => {
    jobs.heartbeat();
    tenants.heartbeat();
  }, HEARTBEAT_EVERY_MS).unref();
  return {
    hasRoom: room.hasRoom,
    followers: room.followers,
    follow: jobs.follow,
    followAll: tenants.follow,
    close() {
      clearInterval(heartbeats);
      jobs.close();
      tenants.close();
    },
  };
}
