import { describe, it } from 'vitest';
import { sampleJob } from '../../../packages/client/test/service/samples.js';
import { checkExchange } from './service.js';

const live = sampleJob({ tag: 'day', tasks: { kind: 'live', count: 1 } });
const TABLE = [
  'id            tag     endpoint        created           state    done  rows  failed    spent',
  '2 live tasks  day     bulk_backlinks  2026-11-01 10:00  running   0 %     4       0  $0.0000',
  'job_1         weekly  bulk_backlinks  2026-11-01 10:00  running   0 %     2       0  $0.0000',
];

describe('jobs', () => {
  it.each([
    [
      [
        'jobs',
        '--tag',
        't',
        '--status',
        'paused',
        '--tasks',
        'none',
        '--metadata',
        'a=b',
        '--limit',
        '3',
        '--cursor',
        'c',
        '--json',
      ],
      'GET /v1/jobs?tag=t&status=paused&tasks=none&cursor=c&metadata[a]=b&limit=3',
      { jobs: [], next_cursor: null },
      '{"jobs":[],"next_cursor":null}\n',
    ],
    [
      ['jobs'],
      'GET /v1/jobs?limit=20',
      { jobs: [live, { ...live, id: 'job_2' }, sampleJob()], next_cursor: null },
      `${TABLE.join('\n')}\n`,
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
