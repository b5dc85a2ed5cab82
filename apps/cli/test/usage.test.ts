import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { checkExchange } from './service.js';

describe('usage', () => {
  const usage = {
    usage: [],
    total: { calls: 0, items: 0, spent_usd: 0, wasted_usd: 0, unconfirmed_usd: 0 },
    next_cursor: null,
  };

  it.each([
    [
      ['usage', '--format', 'csv', '--group-by', 'tag,day', '--from', '2026-01-01'],
      'GET /v1/usage?from=2026-01-01&group_by=tag,day&format=csv',
      {},
      '{}',
    ],
    [
      ['usage', '--group-by', 'metadata.team,month', '--json'],
      'GET /v1/usage?group_by=metadata.team,month',
      usage,
      `${JSON.stringify(usage)}\n`,
    ],
    [['usage', '--format', 'csv', '--spreadsheet'], 'GET /v1/usage?spreadsheet=1&format=csv', {}, '{}'],
  ])('%j', (...exchange) => checkExchange(exchange));
});

describe('problems', () => {
  const problem = {
    ...{ kind: 'pause', code: 'budget', tenant: 'local', count: 1200, last_at: '2026-11-30T12:00:00.000Z' },
    ...{ jobs: ['job_2', 'job_1'], detail: null },
  };
  const page = { since: '2026-11-30T00:00:00.000Z', problems: [problem], next_cursor: null };

  it.each([
    [
      ['problems', '--since', '2026-11-30T00:00:00Z'],
      'GET /v1/problems?since=2026-11-30T00:00:00Z',
      page,
      [
        'kind   code    times  last                 tenant  last job  detail',
        'pause  budget  1,200  2026-11-30 12:00:00  local   job_2          -',
        '',
      ].join('\n'),
    ],
    [['problems', '--json'], 'GET /v1/problems', page, `${JSON.stringify(page)}\n`],
  ])('%j', (...exchange) => checkExchange(exchange));

  it('none are no line, and that is said', async () => {
    const { baseUrl: url } = await serve((_, response) => json(response, { ...page, problems: [] }));
    const stderr = 'Nothing went wrong since 2026-11-30T00:00:00.000Z.\n';
    expect(await invoke(['problems'], { url })).toEqual({ code: 0, stdout: '', stderr });
  });
});
