import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import type { Feeds } from '../../live/feeds.js';
import { stateOf } from '../../live/frame.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB, EXAMPLE_STATE } from '../examples.js';
import { answerWithEvents } from './event-stream.js';
import { findJob, noSuchJob, ofJob } from './find-job.js';

export const followJob = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/events',
  id: 'followJob',
  summary: 'Follow a job',
  description:
    "Server-sent events until the job is finished: first the job's current state, then its state after each change, at most five a second; a comment every 15 s. A slow reader gets the newest state and none in between.",
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  headers: z.object({
    'Last-Event-ID': z.string().optional().describe('The `id` of the last state seen, which is not sent again.'),
  }),
  answers: {
    200: {
      description: 'The stream.',
      contents: {
        'text/event-stream': z
          .string()
          .describe('Events called `job`: `id` names the state, `data` is the job as `GET /v1/jobs/{id}` shows it.'),
      },
    },
    204: { description: 'The job is finished, in the state that was seen last.', contents: {} },
  },
  problems: ['not_found'],
  examples: [
    { title: 'Until it is finished', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'A finished job whose last state was seen',
      given: 'seen job',
      params: EXAMPLE_OF_JOB,
      headers: { 'Last-Event-ID': EXAMPLE_STATE },
      status: 204,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id } }) => {
      const job = { tenant: c.get('tenant'), id };
      const record = await findJob(job.tenant, id, services);
      const seen = c.req.header('last-event-id') ?? null;
      // 204 tells a browser's EventSource not to reconnect.
      if (record.finishedAt !== null && seen === stateOf(record, null)) return c.body(null, 204);
      return answerWithEvents(c, services.feeds, () => listenTo(job, seen, services.feeds));
    },
});

function listenTo(job: JobRef, last: string | null, feeds: Feeds) {
  const follower = feeds.follow(job);
  let seen = last;
  return {
    async next() {
      const word = await follower.next(seen);
      if (typeof word === 'string') return word;
      seen = word.id;
      return word.bytes;
    },
    release: follower.release,
  };
}
