import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { checkExchange } from './service.js';

describe('tags and diff', () => {
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
