import { refOf } from '@linkhaul/jobs';
import { CALL_STATUSES, type CallsPage, callStatus, callsPage } from '@linkhaul/schemas';
import { runsOf } from '@linkhaul/storage';
import { z } from 'zod';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { findJob, noSuchJob, ofJob } from '../jobs/find-job.js';
import { paging } from '../parameters.js';
import { callViews } from './call-views.js';

export const getCalls = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/calls',
  id: 'getCalls',
  summary: "Read a job's ledger",
  description:
    'Every call by number, with the attempts that reached the upstream, or may have. When no call is in flight, the costs of all attempts add up to `spent_usd`.',
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob, query: z.object({ status: z.array(callStatus).optional(), ...paging }) }),
  answers: { 200: { description: 'A page of calls.', contents: { 'application/json': callsPage } } },
  problems: ['not_found'],
  examples: [
    { title: 'All calls', given: 'finished job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'Those that failed',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { status: 'failed' },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id }, query: { status, cursor, limit } }) => {
      const after = callCursor(cursor);
      const job = await findJob(c.get('tenant'), id, services);
      const { plan } = job;
      if (plan === null) return c.json({ calls: [], next_cursor: null });
      // While a plan is being written, only its stored calls are shown.
      const known = job.storedRoots === null ? plan : { ...plan, roots: job.storedRoots };
      const wanted = { runs: runsOf(known), after, limit, statuses: new Set(status ?? CALL_STATUSES) };
      const page = await services.callList.page(refOf(job.description), wanted);
      const calls = await callViews(page.calls, { job, plan, services });
      const answer: CallsPage = { calls, next_cursor: page.next === null ? null : String(page.next) };
      return c.json(answer);
    },
});

/** The number of the last call of the previous page. */
function callCursor(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^[1-9]\d{0,11}$/.test(text)) throw unknownCursor();
  return Number(text);
}
