import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { checkExchange } from './service.js';

const RUN = { created_at: '2026-11-30T12:00:00.000Z', finished_at: null, line: 1, total_count: null };

describe('tags, diff and target', () => {
  it.each([
    [['tags'], 'GET /v1/tags', { tags: ['a', 'b\u001b'], next_cursor: null }, 'a\nb\\u{1b}\n'],
    [
      [
        'diff',
        'a b',
        '--base-job',
        'job_0',
        '--job',
        'job_1',
        '--min-change',
        '5',
        '--same',
        '--format',
        'csv',
        '--spreadsheet',
        '-e',
        'domain_pages',
      ],
      'GET /v1/tags/a b/diff?endpoint=domain_pages&base_job=job_0&job=job_1&min_change=5&include=same&format=csv&spreadsheet=1',
      {},
      '{}',
    ],
    [
      ['target', 'a b', 'Example.com', '-e', 'bulk_backlinks'],
      'GET /v1/tags/a b/targets?endpoint=bulk_backlinks&target=Example.com',
      {
        tag: 'a b',
        endpoint: 'bulk_backlinks',
        target: 'example.com',
        fields: [
          { name: 'rank', type: 'integer' },
          { name: 'spam', type: 'integer' },
        ],
        runs: [
          { ...RUN, job: 'job_2', status: 'ok', items: 1, values: { rank: 1234, spam: null } },
          { ...RUN, job: 'job_1', status: null, items: null, values: null },
        ],
        next_cursor: null,
      },
      'job    created           outcome  items   rank\njob_2  2026-11-30 12:00  ok           1  1,234\njob_1  2026-11-30 12:00  -            -      -\n',
    ],
    [['diff', 'a', '--json', '--fields', 'x,y'], 'GET /v1/tags/a/diff?fields=x,y&format=json', {}, '{}'],
  ])('%j', (...exchange) => checkExchange(exchange));

  it('no tags are no line, and that is said', async () => {
    const { baseUrl: url } = await serve((_, response) => json(response, { tags: [], next_cursor: null }));
    expect(await invoke(['tags'], { url })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no tags'),
    });
  });
});
