import type { Room } from './room.js';
import { createTenantFeed, type FeedSources, type TenantFeed } from './tenant-feed.js';

/** A listener who reconnects within this time continues where it stopped. */
const KEPT_MS = 60_000;

/** A listener of all jobs of a tenant. */
export interface TenantFollower {
  next(): ReturnType<ReturnType<TenantFeed['wordsAfter']>>;
  release(): void;
}

/** The feeds of tenants that have listeners, or had some until a moment ago. */
export interface TenantFeeds {
  follow(tenant: string, lastId: string | null): TenantFollower;
  heartbeat(): void;
  close(): void;
}

interface OpenFeed extends TenantFeed {
  followers: number;
  ending?: NodeJS.Timeout;
}

export function createTenantFeeds(sources: FeedSources & { readonly room: Room }): TenantFeeds {
  const feeds = new Map<string, OpenFeed>();
  const end = (tenant: string) => {
    feeds.get(tenant)?.close();
    feeds.delete(tenant);
  };
  const enter = (tenant: string): OpenFeed => {
    const feed = feeds.get(tenant) ?? { ...createTenantFeed(tenant, sources), followers: 0 };
    feeds.set(tenant, feed);
    clearTimeout(feed.ending);
    feed.followers += 1;
    feed.listen(true);
    return feed;
  };
  const leave = (tenant: string, feed: OpenFeed) => {
    feed.followers -= 1;
    if (feed.followers > 0) return;
    feed.listen(false);
    feed.ending = setTimeout(() => end(tenant), KEPT_MS).unref();
  };
  return {
    follow(tenant, lastId) {
      const feed = enter(tenant);
      const leaveRoom = sources.room.enter(tenant);
      let hasLeft = false;
      return {
        next: feed.wordsAfter(lastId),
        release() {
          leaveRoom();
          if (!hasLeft) leave(tenant, feed);
          hasLeft = true;
        },
      };
    },
    heartbeat() {
      for (const feed of feeds.values()) feed.heartbeat();
    },
    close() {
      for (const [tenant, feed] of feeds) {
        clearTimeout(feed.ending);
        end(tenant);
      }
    },
  };
}
