import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes, JobStore, Outlooks } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { type Frame, frameOf } from './frame.js';

/** A listener gets at most five states a second, the first one included. */
const LOOK_AT_MOST_EVERY_MS = 250;
/** The job is also read without a message: one can be lost with its connection, and Redis can be unavailable. */
const LOOK_EVERY_MS = 2_000;
/** Proxies close a connection that is silent for a minute or less. */
const HEARTBEAT_EVERY_MS = 15_000;
/** Listeners of one tenant on this process: each holds a connection, and other tenants need some too. */
export const MOST_FOLLOWERS = 1_000;

/** What a listener gets next. */
type Word = Frame | 'heartbeat' | 'end';

export interface Follower {
  /** Resolves with the newest state once it differs from the one seen; states in between are dropped. */
  next(seen: string | null): Promise<Word>;
  release(): void;
}

/** The jobs that somebody follows: each is read once for each change, for all its listeners. */
export interface JobFeeds {
  /** Whether the tenant may have another listener. */
  hasRoom(tenant: string): boolean;
  follow(job: JobRef): Follower;
  /** Ends the stream of every listener. */
  close(): void;
}

interface Feed {
  followers: number;
  frame: Frame | null;
  ended: boolean;
  readonly over: AbortController;
  /** Those who wait for the next state: each is called once. */
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

/** Reads the job at each change until it is finished or deleted, or nobody listens. */
async function watch(job: JobRef, feed: Feed, sources: FeedSources): Promise<void> {
  const { signal } = feed.over;
  // Watching begins before the first read, so that no change is missed in between.
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

/** Sends the job's state if it is new. True if no further state will come. */
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
    // Redis is unavailable: listeners keep the last state until it is back.
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
