import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes, JobMonitor, JobStore } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { type Bell, createBell } from './bell.js';
import { type Frame, frameOf } from './frame.js';
import type { Room } from './room.js';

/** A listener gets at most five states a second, the first one included. */
const LOOK_AT_MOST_EVERY_MS = 250;
/** The job is also read without a message: a message may be lost with its connection, and Redis may be unavailable. */
const LOOK_EVERY_MS = 2_000;

/** What a listener gets next. */
type Message = Frame | 'heartbeat' | 'end';

export interface Follower {
  /** Resolves with the newest state once it differs from the one seen; states in between are dropped. */
  next(seen: string | null): Promise<Message>;
  release(): void;
}

/** The jobs that are being followed. A job is read once per change, for all its listeners. */
export interface JobFeeds {
  follow(job: JobRef): Follower;
  heartbeat(): void;
  /** Ends the stream of every listener. */
  close(): void;
}

interface Feed {
  followers: number;
  frame: Frame | null;
  ended: boolean;
  readonly over: AbortController;
  readonly bell: Bell<'frame' | 'heartbeat'>;
}

interface FeedSources {
  readonly store: Pick<JobStore, 'get'>;
  readonly changes: Changes;
  readonly monitor: Pick<JobMonitor, 'paceOf'>;
}

export function createJobFeeds(sources: FeedSources & { readonly room: Room }): JobFeeds {
  const feeds = new Map<string, Feed>();
  const feedOf = (job: JobRef): Feed => {
    const name = `${job.tenant}/${job.id}`;
    const open = feeds.get(name);
    if (open !== undefined && !open.ended && !open.over.signal.aborted) return open;
    const feed: Feed = { followers: 0, frame: null, ended: false, over: new AbortController(), bell: createBell() };
    feeds.set(name, feed);
    void watch(job, feed, sources).finally(() => {
      feed.ended = true;
      if (feeds.get(name) === feed) feeds.delete(name);
      feed.bell.ring('frame');
    });
    return feed;
  };

  return {
    follow(job) {
      const feed = feedOf(job);
      feed.followers += 1;
      const leaveRoom = sources.room.enter(job.tenant);
      let released = false;
      return {
        next: (seen) => nextWord(feed, seen),
        release() {
          if (released) return;
          released = true;
          feed.followers -= 1;
          leaveRoom();
          if (feed.followers === 0) feed.over.abort();
        },
      };
    },
    heartbeat() {
      for (const feed of feeds.values()) feed.bell.ring('heartbeat');
    },
    close() {
      for (const feed of feeds.values()) feed.over.abort();
    },
  };
}

/** Reads the job at each change until it is finished or deleted, or nobody listens. */
async function watch(job: JobRef, feed: Feed, sources: FeedSources): Promise<void> {
  const { signal } = feed.over;
  // Watching begins before the first read, so that no change is missed between the two.
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
async function look(job: JobRef, feed: Feed, { store, monitor }: FeedSources): Promise<boolean> {
  try {
    const record = await store.get(job);
    if (record === null) return true;
    const frame = frameOf(record, await monitor.paceOf(record));
    if (frame.id !== feed.frame?.id) {
      feed.frame = frame;
      feed.bell.ring('frame');
    }
    return frame.last;
  } catch {
    // Redis is unavailable: listeners keep the last state until it is back.
    return false;
  }
}

async function nextWord(feed: Feed, seen: string | null): Promise<Message> {
  for (;;) {
    if (feed.frame !== null && feed.frame.id !== seen) return feed.frame;
    if (feed.ended) return 'end';
    if ((await feed.bell.heard()) === 'heartbeat') return 'heartbeat';
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
