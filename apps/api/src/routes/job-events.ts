import type { JobRef } from '@linkhaul/storage';
import { Hono } from 'hono';
import { HEARTBEAT, stateOf } from '../live/frame.js';
import type { Follower, JobFeeds } from '../live/job-feeds.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { checkQuery, queryOf } from './query.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would collect events before it passes them on.
  'x-accel-buffering': 'no',
};

/** `GET /v1/jobs/:id/events`: server-sent events, the job at each change, until it is finished. */
export function jobEvents(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/events', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const job = { tenant: c.get('tenant'), id: c.req.param('id') };
    const record = await findJob(job.tenant, job.id, services);
    const seen = c.req.header('last-event-id') ?? null;
    // No content is how a browser that comes back is told not to come again.
    if (record.finishedAt !== null && seen === stateOf(record)) return c.body(null, 204);
    return c.body(eventsOf(job, seen, services.feeds), 200, HEADERS);
  });
}

/** Made as it is read: a reader that is slow gets the newest state when it comes round, and nothing waits for it. */
function eventsOf(job: JobRef, last: string | null, feeds: JobFeeds): ReadableStream<Uint8Array> {
  let follower: Follower | null = null;
  let seen = last;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        follower ??= feeds.follow(job);
        const word = await follower.next(seen);
        if (word === 'heartbeat') return controller.enqueue(HEARTBEAT);
        if (word === 'end') {
          follower.release();
          return controller.close();
        }
        seen = word.id;
        controller.enqueue(word.bytes);
      },
      cancel: () => follower?.release(),
    },
    { highWaterMark: 0 },
  );
}
