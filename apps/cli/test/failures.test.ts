import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { nobody, problem } from './service.js';

describe('what cannot be done', () => {
  it.each([
    [['submit', '/nowhere/list.txt', '-e', 'bulk_backlinks'], 'cannot be read: there is no such file or folder'],
    [['submit', tmpdir(), '-e', 'bulk_backlinks'], 'is a folder'],
    [['submit', '-', '-e', 'bulk_backlinks', '--format', 'json'], 'Standard input is not valid JSON'],
    [['submit', 'l.ndjson', '-e', 'bulk_backlinks', '--separator', ';'], '--separator goes with text and CSV'],
    [['submit', 'l.txt', '-e', 'bulk_backlinks', '--separator', 'none', '--column', '1'], '--column goes with CSV'],
    [['submit', 'list.txt', '-e', 'bulk_pages_summary', '--max-items', '5'], ': bulk_pages_summary has no pages'],
    [['estimate', 'list.txt', '-e', 'bulk_backlinks', '--max-items', 'all'], 'bulk_backlinks has no pages'],
    [
      ['results', 'job_1', '-o', 'out.xlsx'],
      'out.xlsx ends in .xlsx, which is not one of its forms: name one with --format',
    ],
    [['results', '--tag', 't', '-o', 'out'], 'out has no ending that names a form'],
    [['rows', 'job_1', '-o', 'rows.parquet'], '--format: text, ndjson, csv'],
    [['diff', 't', '-o', 'd.parquet'], '--format: ndjson, json, csv'],
    [['usage', '-o', 'usage.xlsx'], 'name one with --format: csv'],
    [['results'], 'Name a job or a --tag'],
    [['results', 'job_1', '--tag', 't'], 'Name a job or a --tag'],
    [['results', 'job_1', '-e', 'domain_pages'], '--endpoint goes with --tag'],
    [['results', 'job_1', '--min-ok', '1'], '--min-ok goes with --tag'],
    [['results', 'job_1', '--job', 'job_2'], '--job goes with --tag'],
    [['results', 'job_1', '--spreadsheet'], '--spreadsheet goes with CSV'],
    [['submit', '-', '-e', 'bulk_backlinks', '--column', 'site'], '--column goes with CSV: if the list is CSV'],
    [['estimate', 'list.txt', '-e', 'bulk_backlinks', '--header', 'true'], '--header goes with CSV'],
    [['submit', '-', '-e', 'bulk_backlinks', '--metadata', 'a=1', '--metadata', 'a=2'], 'names a twice'],
    [['usage', '--group-by', 'days'], 'did you mean day?'],
    [['usage', '--format', 'csv', '--cursor', 'c'], '--cursor is for pages'],
    [['tags', '-e', 'domain_pages'], '--endpoint goes with a TAG'],
  ])('%j is bad input', async (words, message) => {
    const run = await invoke(words, nobody);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    [422, 'invalid_request', 2],
    [401, 'unauthorized', 2],
    [409, 'conflict', 2],
    [429, 'too_many_requests', 6],
    [503, 'unavailable', 6],
  ])('HTTP %i, %s, is exit code %i', async (status, code, exit) => {
    const errors = [1, 2, 3, 4, 5].map((line) => ({ line, code: 'malformed', message: `no host ${line}\u001b` }));
    const { baseUrl: url } = await serve((_, response) => json(response, problem(code, status, { errors }), status));
    const plain = await invoke(['jobs'], { url });
    expect(plain.code).toBe(exit);
    expect(plain.stderr).toContain('linkhaul: Refused: do it otherwise. line 1: no host 1\\u{1b}; line 2');
    expect(plain.stderr).toContain('and 2 more');
    expect(plain.stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
    if (status === 401) expect(plain.stderr).toContain('LINKHAUL_API_KEY');
    const machine = JSON.parse((await invoke(['jobs', '--json'], { url })).stderr);
    expect(machine.error).toMatchObject({ exit, problem: { status, errors } });
  });

  it('a refusal in the names of the service says how they are typed', async () => {
    const detail = 'Send Content-Type: text/csv with separator=; and column=, or max_cost_usd of 5.';
    const { baseUrl: url } = await serve((_, response) =>
      json(response, problem('looks_separated', 422, { detail }), 422),
    );
    expect((await invoke(['jobs'], { url })).stderr).toBe(
      `linkhaul: Refused: ${detail} (Here: --max-cost for max_cost_usd, --format for Content-Type, --separator for separator, --column for column.)\n`,
    );
  });

  it('a proxy that answers for a service that is away is said to have answered', async () => {
    const { baseUrl: url } = await serve((_, response) => void response.writeHead(502).end('<html>'));
    const run = await invoke(['jobs'], { url });
    expect(run).toMatchObject({ code: 6, stderr: expect.stringContaining('The server answered 502') });
    expect(run.stderr).not.toContain('version');
  });

  it('another server, and none, are unreachable', async () => {
    const { baseUrl: url } = await serve((_, response) => void response.writeHead(200).end('<html>'));
    const other = await invoke(['jobs'], { url });
    expect(other.code).toBe(6);
    expect(other.stderr).toContain('LINKHAUL_URL');
    const none = await invoke(['jobs'], nobody);
    expect(none.code).toBe(6);
    expect(none.stderr).toContain('Is the service up at http://127.0.0.1:9?');
  });

  it.each([{ LINKHAUL_URL: 'http://user:word@x' }, { LINKHAUL_API_KEY: 'a\nb' }, { LINKHAUL_API_KEY: 'schlüssel' }])(
    'an environment of %j is bad input, and no secret is shown',
    async (env) => {
      const run = await invoke(['jobs'], { ...nobody, env });
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('The environment cannot be used');
      expect(run.stderr).not.toMatch(/word|schl/);
    },
  );
});
