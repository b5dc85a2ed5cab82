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
