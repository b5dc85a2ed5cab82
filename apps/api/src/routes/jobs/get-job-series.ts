import { isoTime, type Series, type SeriesPoint } from '@linkhaul/jobs';
import { type SeriesView, series, usdOf } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { findJob, noSuchJob, ofJob } from './find-job.js';

export const getJobSeries = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/series',
  id: 'getJobSeries',
  summary: 'See a job over time',
  description:
    'Calls, rows, items, cost and latency in at most 300 points of time, kept with the job. Their sums are the counts of the job, also while it runs.',
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  answers: { 200: { description: 'Its points.', contents: { 'application/json': series } } },
  problems: ['not_found'],
  examples: [{ title: 'From its beginning', given: 'finished job', params: EXAMPLE_OF_JOB, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { id } }) => {
      const job = { tenant: c.get('tenant'), id };
      await findJob(job.tenant, id, services);
      return c.json(viewOf(id, await services.series.of(job)));
    },
});

function viewOf(job: string, { ms, points }: Series): SeriesView {
  return { job, ms, points: points.map((point) => pointView(point, ms)) };
}

function pointView(point: SeriesPoint, ms: number): SeriesView['points'][number] {
  const { at, calls, ok, empty, failed, items, spent, answers, latencyMs, longestMs } = point;
  return {
    at: isoTime(at),
    ms,
    calls,
    rows: { ok, empty, failed },
    items,
    cost_usd: usdOf(spent),
    latency_ms: answers === 0 ? null : { mean: Number((latencyMs / answers).toFixed(1)), max: longestMs },
  };
}
