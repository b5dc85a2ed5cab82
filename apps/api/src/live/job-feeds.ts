import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes, JobStore, Outlooks } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { type Frame, frameOf } from './frame.js';

/** With the state that a listener finds on coming, it is told of five in a second at the most. */
const LOOK_AT_MOST_EVERY_MS = 250;
/** A word of a change can be lost with its connection, and Redis can be away. */
const LOOK_EVERY_MS = 2_000;
/** Proxies cut connections on which nothing comes for a minute or less. */
const HEARTBEAT_EVERY_MS = 15_000;
/** Of one tenant on this process: each holds a connection open, and those of others must find room. */
export const MOST_FOLLOWERS = 1_000;

/** What a listener is to be told next. */
type Word = Frame | 'heartbeat' | 'end';

export interface Follower {
  /** Resolves with the newest state, as soon as it is another than the one seen: those between are dropped. */
  next(seen: string | null): Promise<Word>;
  release(): void;
}

/** Jobs that somebody watches: each is read once a change for all who do. */
export interface JobFeeds {
  /** Whether another listener of the tenant may come. */
  hasRoom(tenant: string): boolean;
  follow(job: JobRef): Follower;
  /** Tells every listener that it is the end. */
  close(): void;
}

interface Feed {
  followers: number;
  frame: Frame | null;
  ended: boolean;
  readonly over: AbortController;
  /** Called with every word, and forgotten. */
  readonly waiting: Set<(word: 'frame' | 'heartbeat') => void>;
}

interface FeedSources {
  readonly store: Pick<JobStore, 'get'>;
  readonly changes: Changes;
  readonly outlooks: Outlooks;
}

export function createJobFeeds(sources: FeedSources): JobFeeds {
  const feeds = new Map<string, Feed>();
  const followers = new Map<string, number>();
  const count = (tenant: string, by: 1 | -1) => {
    const now = (followers.get(tenant) ?? 0) + by;
    if (now === 0) followers.delete(tenant);
    else followers.set(tenant, now);
  };
  const heartbeats = setInterval(() => {
    for (const feed of feeds.values()) tell(feed, 'heartbeat');
  }, HEARTBEAT_EVERY_MS).unref();

  const feedOf = (job: JobRef): Feed => {
    const name = `${job.tenant}/${job.id}`;
    const open = feeds.get(name);
    if (open !== undefined && !open.ended && !open.over.signal.aborted) return open;
    const feed: Feed = { followers: 0, frame: null, ended: false, over: new AbortController(), waiting: new Set() };
    feeds.set(name, feed);
    void watch(job, feed, sources).finally(() => {
      feed.ended = true;
      if (feeds.get(name) === feed) feeds.delete(name);
      tell(feed, 'frame');
    });
    return feed;
  };

  return {
    hasRoom: (tenant) => (followers.get(tenant) ?? 0) < MOST_FOLLOWERS,
    follow(job) {
      const feed = feedOf(job);
      feed.followers += 1;
      count(job.tenant, 1);
      let released = false;
      return {
        next: (seen) => nextWord(feed, seen),
        release() {
          if (released) return;
          released = true;
          feed.followers -= 1;
          count(job.tenant, -1);
          if (feed.followers === 0) feed.over.abort();
        },
      };
    },
    close() {
      clearInterval(heartbeats);
      for (const feed of feeds.values()) feed.over.abort();
    },
  };
}

/** Reads the job at each change, until it is finished or gone, or nobody listens. */
async function watch(job: JobRef, feed: Feed, sources: FeedSources): Promise<void> {
  const { signal } = feed.over;
  // It begins before the look, so that no change falls between them.
  const watching = sources.changes.watch(job);
  try {
    while (!signal.aborted) {
      if (await look(job, feed, sources)) return;
      await pause(LOOK_AT_MOST_EVERY_MS, signal);
      await watching.next(LOOK_EVERY_MS, signal);
    }
  } finally {
    watching.close();
  }
}

/** Tells of the job as it is now, where that is new; whether nothing more will come. */
async function look(job: JobRef, feed: Feed, { store, outlooks }: FeedSources): Promise<boolean> {
  try {
    const record = await store.get(job);
    if (record === null) return true;
    const frame = frameOf(record, await outlooks.of(record));
    if (frame.id !== feed.frame?.id) {
      feed.frame = frame;
      tell(feed, 'frame');
    }
    return frame.last;
  } catch {
    // Redis is away: what was told last stands until it is back.
    return false;
  }
}

function tell(feed: Feed, word: 'frame' | 'heartbeat'): void {
  const waiting = [...feed.waiting];
  feed.waiting.clear();
  for (const resolve of waiting) resolve(word);
}

async function nextWord(feed: Feed, seen: string | null): Promise<Word> {
  for (;;) {
    if (feed.frame !== null && feed.frame.id !== seen) return feed.frame;
    if (feed.ended) return 'end';
    const word = await new Promise<'frame' | 'heartbeat'>((resolve) => feed.waiting.add(resolve));
    if (word === 'heartbeat') return word;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
