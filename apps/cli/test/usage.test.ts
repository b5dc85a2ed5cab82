import { describe, it } from 'vitest';
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
