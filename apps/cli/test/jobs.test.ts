import { describe, it } from 'vitest';
import { checkExchange } from './service.js';

describe('jobs', () => {
  it.each([
    [
      ['jobs', '--tag', 't', '--status', 'paused', '--metadata', 'a=b', '--limit', '3', '--cursor', 'c', '--json'],
      'GET /v1/jobs?tag=t&status=paused&cursor=c&metadata[a]=b&limit=3',
      { jobs: [], next_cursor: null },
      '{"jobs":[],"next_cursor":null}\n',
    ],
  ])('%j', (...exchange) => checkExchange(exchange));
});

describe('series', () => {
  const point = {
    ...{ at: '2026-11-30T12:00:00.000Z', ms: 2000, calls: 3, rows: { ok: 2000, empty: 0, failed: -1 }, items: 2000 },
    ...{ cost_usd: 0.06, latency_ms: null },
  };
  const view = { job: 'job_1', ms: 1000, points: [point, { ...point, latency_ms: { mean: 1234, max: 2000 } }] };
  const lines = [
    'at                   for  calls     ok  empty  failed  items     cost  mean latency  longest',
    '2026-11-30 12:00:00  2 s      3  2,000      0      -1  2,000  $0.0600  -             -',
    '2026-11-30 12:00:00  2 s      3  2,000      0      -1  2,000  $0.0600  1 s           2 s',
  ];

  it.each([
    [['series', 'job_1'], 'GET /v1/jobs/job_1/series', view, `${lines.join('\n')}\n`],
    [['series', 'job_1', '--json'], 'GET /v1/jobs/job_1/series', view, `${JSON.stringify(view)}\n`],
  ])('%j', (...exchange) => checkExchange(exchange));
});
