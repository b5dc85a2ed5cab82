import type { JobRef } from '@linkhaul/storage';
import { Hono } from 'hono';
import { HEARTBEAT, stateOf } from '../live/frame.js';
import { type Follower, type JobFeeds, MOST_FOLLOWERS } from '../live/job-feeds.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { checkQuery, queryOf } from './query.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would collect events before it passes them on.
  'x-accel-buffering': 'no',
};

const RETRY_AFTER_S = '5';

/** `GET /v1/jobs/:id/events`: server-sent events, the job at each change, until it is finished. */
export function jobEvents(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/events', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const job = { tenant: c.get('tenant'), id: c.req.param('id') };
    const record = await findJob(job.tenant, job.id, services);
    const seen = c.req.header('last-event-id') ?? null;
    // No content is how a browser that comes back is told not to come again.
    if (record.finishedAt !== null && seen === stateOf(record, null)) return c.body(null, 204);
    if (!services.feeds.hasRoom(job.tenant)) throw full();
    return c.body(eventsOf(job, seen, services.feeds), 200, HEADERS);
  });
}

function full(): ApiProblem {
  const detail = `This tenant has ${MOST_FOLLOWERS} listeners on this process: close some, or ask with \`wait_ms\`.`;
  return new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
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
