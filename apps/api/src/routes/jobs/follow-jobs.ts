import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_PLACE } from '../examples.js';
import { answerWithEvents } from './event-stream.js';

export const followJobs = defineRoute({
  method: 'get',
  path: '/v1/jobs/events',
  id: 'followJobs',
  summary: 'Follow all jobs',
  description:
    'Server-sent events of all your jobs, without an end: each job when it is made and after each change, at most five times a second; a comment every 15 s. The stream begins with `reset`, unless it goes on after `Last-Event-ID`: list the jobs that you show when it comes, and no change is lost. It is sent again when changes were missed, for example by a slow reader.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT,
  headers: z.object({
    'Last-Event-ID': z
      .string()
      .optional()
      .describe('The `id` of the last event seen: goes on after it, within a minute and at the same process.'),
  }),
  answers: {
    200: {
      description: 'The stream.',
      contents: {
        'text/event-stream': z
          .string()
          .describe(
            'Events called `job`, whose `data` is the job as `GET /v1/jobs/{id}` shows it; `deleted` with `{ "id" }`; `reset` with `{}`. `id` is the place in the stream.',
          ),
      },
    },
  },
  examples: [
    { title: 'All changes from now on', given: 'queued job', status: 200 },
    {
      title: 'After a break',
      given: 'nothing',
      headers: { 'Last-Event-ID': EXAMPLE_PLACE },
      status: 200,
    },
  ],
  serve:
    ({ feeds }) =>
    (c) => {
      const last = c.req.header('last-event-id') ?? null;
      return answerWithEvents(c, feeds, () => feeds.followAll(c.get('tenant'), last));
    },
});
