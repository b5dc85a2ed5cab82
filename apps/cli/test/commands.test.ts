import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '../src/commands/index.js';
import { asAsked, finishedJob, invoke, json, type SeenRequest, sampleInput, sampleJob, serve } from './invoke.js';

const nobody = { url: 'http://127.0.0.1:9' };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'linkhaul-cli-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
});

const sampleRow = {
  line: 1,
  input: 'a.com',
  id: null,
  target: 'a.com',
  target_kind: 'domain',
  status: 'ok',
  duplicate_of: null,
  items: 1,
  total_count: null,
  truncated: null,
  cost_usd: 0.001,
  fetched_at: null,
  call: 1,
  error: null,
};

const problem = (code: string, status: number, more = {}) => ({
  type: `urn:linkhaul:problem:${code}`,
  title: 'Refused',
  status,
  detail: 'do it otherwise',
  ...more,
});

const asked = ({ method, url, body }: SeenRequest) => `${method} ${decodeURIComponent(url)} ${String(body)}`.trimEnd();

describe('help', () => {
  it('is there for every command, before anything else is looked at', async () => {
    for (const { name, summary } of COMMANDS) {
      const run = await invoke([...name.split(' '), '--nonsense', '--help'], { ...nobody, env: { LINKHAUL_URL: '?' } });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain(`Usage: linkhaul ${name}`);
      expect(run.stdout).toContain(summary);
    }
    expect((await invoke(['--help'], nobody)).stdout).toContain('Exit codes: 0 complete');
    expect(await invoke(['--version'], nobody)).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect((await invoke([], nobody)).code).toBe(2);
  });

  it('of a word that is no command names the near one', async () => {
    expect((await invoke(['sumbit'], nobody)).stderr).toBe(
      'linkhaul: There is no command "sumbit". Did you mean linkhaul submit?\n',
    );
    expect((await invoke(['webhooks'], nobody)).stderr).toContain('webhooks listen');
    expect((await invoke(['\u001b[31m'], nobody)).stderr).not.toContain('\u001b');
  });

  it.each([
    ['list', 'jobs'],
    ['ls', 'jobs'],
    ['job', 'jobs'],
    ['status', 'watch ID'],
    ['Status', 'watch ID'],
    ['stauts', 'watch ID'],
    ['download', 'results ID'],
    ['downlaod', 'results ID'],
    ['result', 'results ID'],
    ['delete', 'cancel ID'],
    ['rm', 'cancel ID'],
    ['remvoe', 'cancel ID'],
    ['estimat', 'estimate'],
    ['stop', 'cancel ID'],
  ])('of %s, as other tools have it, names %s', async (typed, meant) => {
    for (const words of [
      [typed, 'job_1'],
      ['help', typed],
    ]) {
      const run = await invoke(words, nobody);
      expect(run).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`Did you mean linkhaul ${meant}`),
      });
    }
  });

  it('comes by `help` too', async () => {
    for (const words of [
      ['help', 'submit'],
      ['--help', 'submit'],
      ['help', 'keys', 'create'],
      ['help', 'help-less'],
    ]) {
      const run = await invoke(words, nobody);
      if (words[1] === 'help-less') expect(run).toMatchObject({ code: 2, stdout: '' });
      else
        expect(run).toMatchObject({
          code: 0,
          stdout: expect.stringContaining(`Usage: linkhaul ${words.slice(1).join(' ')}`),
        });
    }
    expect(await invoke(['version'], nobody)).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect((await invoke(['keys', 'crate'], nobody)).stderr).toContain('Did you mean linkhaul keys create?');
    expect((await invoke(['keys', 'list'], nobody)).stderr).toContain(
      'There is keys, keys create, keys rotate, keys delete.',
    );
    expect((await invoke(['jobs', 'job_1'], nobody)).stderr).toContain(
      'jobs takes no argument: "job_1" is one too many.',
    );
    expect((await invoke(['--json', 'jobs'], nobody)).stderr).toContain('linkhaul COMMAND --json');
    expect((await invoke(['help'], nobody)).stdout).toBe((await invoke(['--help'], nobody)).stdout);
  });
});

describe('what is asked of the service', () => {
  const shown = {
    id: 'k1',
    name: 'ci',
    scope: 'read',
    hint: 'lh_abcd…',
    created_at: '2026-11-01T00:00:00Z',
    last_used_at: null,
  };

  const usage = {
    usage: [],
    total: { calls: 0, items: 0, spent_usd: 0, wasted_usd: 0, unconfirmed_usd: 0 },
    next_cursor: null,
  };

  it.each([
    [
      ['pause', 'job_1'],
      'POST /v1/jobs/job_1/pause',
      sampleJob({ status: 'paused', reason: 'user' }),
      'job_1  paused: user\n',
    ],
    [
      ['resume', 'job_1', '--max-cost', '2'],
      'POST /v1/jobs/job_1/resume {"max_cost_usd":2}',
      sampleJob(),
      'job_1  running\n',
    ],
    [['cancel', 'a/../b'], 'POST /v1/jobs/a/../b/cancel', sampleJob({ status: 'cancelled' }), 'job_1  cancelled\n'],
    [['retry', 'job_1'], 'POST /v1/jobs/job_1/retry {}', sampleJob(), 'job_1  running\n'],
    [
      ['retry', 'job_1', '--status', 'failed', '--codes', 'upstream_error,budget', '--all', '--max-cost', '9'],
      'POST /v1/jobs/job_1/retry {"status":["failed"],"codes":["upstream_error","budget"],"retryable_only":false,"max_cost_usd":9}',
      sampleJob(),
      'job_1  running\n',
    ],
    [
      ['keys'],
      'GET /v1/keys',
      { keys: [shown], next_cursor: null },
      'id  name  scope  key       created     last used\nk1  ci    read   lh_abcd…  2026-11-01  never\n',
    ],
    [
      ['keys', '--tenant', 'acme', '--json'],
      'GET /v1/keys?tenant=acme',
      { keys: [shown], next_cursor: null },
      `${JSON.stringify({ keys: [shown], next_cursor: null })}\n`,
    ],
    [
      ['keys', 'create', '--name', 'ci', '--scope', 'read'],
      'POST /v1/keys {"name":"ci","scope":"read"}',
      { ...shown, key: 'secret' },
      'secret\n',
    ],
    [
      ['keys', 'create', '--tenant', 'acme', '--name', 'first', '--scope', 'admin'],
      'POST /v1/keys?tenant=acme {"name":"first","scope":"admin"}',
      { ...shown, key: 'secret' },
      'secret\n',
    ],
    [['keys', 'rotate', 'k1'], 'POST /v1/keys/k1/rotate', { ...shown, key: 'other' }, 'other\n'],
    [
      ['keys', 'rotate', 'k1', '--tenant', 'acme'],
      'POST /v1/keys/k1/rotate?tenant=acme',
      { ...shown, key: 'other' },
      'other\n',
    ],
    [
      ['storage', 'adopt'],
      'POST /v1/storage/adopt',
      { installation: 'new', was: 'old', marked: false },
      'Storage is taken: this is installation new now, and was old.\n',
    ],
    [
      ['storage', 'adopt'],
      'POST /v1/storage/adopt',
      { installation: 'new', was: null, marked: false },
      'Redis knows installation new again. Jobs that it has lost stay lost.\n',
    ],
    [
      ['storage', 'adopt', '--json'],
      'POST /v1/storage/adopt',
      { installation: 'new', was: 'new', marked: true },
      '{"installation":"new","was":"new","marked":true}\n',
    ],
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
    [
      ['usage', '--format', 'csv', '--group-by', 'tag,day', '--from', '2026-01-01'],
      'GET /v1/usage?from=2026-01-01&group_by=tag,day&format=csv',
      {},
      '{}',
    ],
    [
      ['results', '--tag', 'x', '--format', 'parquet', '--status', 'ok,failed'],
      'GET /v1/tags/x/results?format=parquet&status=ok,failed',
      {},
      '{}',
    ],
    [
      ['results', '-t', 'x', '--job', 'job_1', '--min-ok', '.95', '--format', 'csv', '--spreadsheet'],
      'GET /v1/tags/x/results?format=csv&spreadsheet=1&job=job_1&min_ok=0.95',
      {},
      '{}',
    ],
    [
      ['usage', '--group-by', 'metadata.team,month', '--json'],
      'GET /v1/usage?group_by=metadata.team,month',
      usage,
      `${JSON.stringify(usage)}\n`,
    ],
    [['rows', 'job_1', '--json'], 'GET /v1/jobs/job_1/rows?format=ndjson', {}, '{}'],
    [
      ['rows', 'job_1', '--format', 'csv', '--spreadsheet'],
      'GET /v1/jobs/job_1/rows?format=csv&spreadsheet=1',
      {},
      '{}',
    ],
    [['usage', '--format', 'csv', '--spreadsheet'], 'GET /v1/usage?spreadsheet=1&format=csv', {}, '{}'],
    [
      ['jobs', '--tag', 't', '--status', 'paused', '--metadata', 'a=b', '--limit', '3', '--cursor', 'c', '--json'],
      'GET /v1/jobs?tag=t&status=paused&cursor=c&metadata[a]=b&limit=3',
      { jobs: [], next_cursor: null },
      '{"jobs":[],"next_cursor":null}\n',
    ],
  ])('%j', async (...[words, request, answer, stdout]) => {
    const { url, seen } = await serve((given, response) => asAsked(given, response).end(JSON.stringify(answer)));
    const run = await invoke(words, { url, env: { LINKHAUL_API_KEY: 'k' } });
    expect(run).toMatchObject({ code: 0, stdout });
    expect(seen.map(asked)).toEqual([request]);
    expect(seen[0]?.headers.authorization).toBe('Bearer k');
  });

  it('no tags are no line, and that is said', async () => {
    const { url } = await serve((_, response) => json(response, { tags: [], next_cursor: null }));
    expect(await invoke(['tags'], { url })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no tags'),
    });
  });

  it('a deleted key says so', async () => {
    const { url, seen } = await serve((_, response) => void response.writeHead(204).end());
    expect(await invoke(['keys', 'delete', 'k1'], { url })).toMatchObject({ code: 0, stderr: 'Key k1 is gone.\n' });
    expect(await invoke(['keys', 'delete', 'k1', '--tenant', 'acme'], { url })).toMatchObject({ code: 0 });
    expect(seen.map(asked)).toEqual(['DELETE /v1/keys/k1', 'DELETE /v1/keys/k1?tenant=acme']);
  });

  it('a list travels gzipped, with its fields in the query', async () => {
    const { url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const words = ['submit', '-', '-e', 'bulk_backlinks', '--format', 'csv', '--column', 'site', '--id-column', '2'];
    const fields = ['--header', 'true', '--tag', 'ü&', '--max-cost', '1.5', '--metadata', 'a=b'];
    const more = [
      '--params',
      '{"x":1}',
      '--keep-www',
      '--webhook',
      'http://h/',
      '--idempotency-key',
      'k',
      '--on-overlap',
    ];
    const run = await invoke([...words, ...fields, ...more, 'reject'], { url, stdin: 'site,id\na.com,1\n' });
    expect(run).toMatchObject({ code: 0, stdout: 'job_1\n' });
    const [request] = seen;
    expect(Object.fromEntries(new URL(`http://h${request?.url}`).searchParams)).toEqual({
      endpoint: 'bulk_backlinks',
      column: 'site',
      id_column: '2',
      header: 'true',
      params: '{"x":1}',
      tag: 'ü&',
      metadata: '{"a":"b"}',
      max_cost_usd: '1.5',
      keep_www: 'true',
      on_overlap: 'reject',
      webhook: '{"url":"http://h/"}',
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-encoding': 'gzip',
      'idempotency-key': 'k',
    });
    expect(String(gunzipSync(request?.body ?? ''))).toBe('site,id\na.com,1\n');
  });

  it('a list that is gzipped already travels as it is, its form told by its name', async () => {
    const { url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const packed = gzipSync('{"target":"a.com"}\n');
    const file = join(dir, 'list.ndjson.gz');
    await writeFile(file, packed);
    expect((await invoke(['submit', file, '-e', 'bulk_backlinks', '--json'], { url })).stdout).toContain(
      '"id":"job_1"',
    );
    expect(seen[0]?.body.equals(packed)).toBe(true);
    expect(seen[0]?.headers['content-type']).toBe('application/x-ndjson');
  });
});

describe('a list', () => {
  it.each([
    ['l.txt', [], 'text/plain; charset=utf-8', ''],
    ['l.list', ['--separator', ';', '--column', '2'], 'text/plain; charset=utf-8', 'column=2&separator=;'],
    ['l.CSV', ['--header', 'false'], 'text/csv; charset=utf-8', 'header=false'],
    ['l.csv.gz', ['--charset', 'windows-1252'], 'text/csv; charset=windows-1252', ''],
    ['l.csv', ['--separator', '\\t'], 'text/csv; charset=utf-8', 'separator=tab'],
    ['l.tsv', ['--id-column', 'id'], 'text/csv; charset=utf-8', 'id_column=id&separator=tab'],
    ['l.tsv.gz', ['--separator', '|'], 'text/csv; charset=utf-8', 'separator=|'],
    ['l.jsonl', [], 'application/x-ndjson', ''],
    ['l.json', ['--format', 'text'], 'text/plain; charset=utf-8', ''],
  ])('%s %j travels as %s %s', async (...[name, words, type, query]) => {
    const { url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const file = join(dir, name);
    await writeFile(file, name.endsWith('.gz') ? gzipSync('a.com\n') : 'a.com\n');
    expect(await invoke(['submit', file, '-e', 'bulk_backlinks', ...words], { url })).toMatchObject({ code: 0 });
    const [request] = seen;
    expect(request?.headers['content-type']).toBe(type);
    expect(decodeURIComponent(request?.url ?? '')).toBe(
      `/v1/jobs?endpoint=bulk_backlinks${query === '' ? '' : `&${query}`}`,
    );
    expect(String(gunzipSync(request?.body ?? ''))).toBe('a.com\n');
  });

  it.each([
    ['l.json', (text: string) => `\ufeff${text}`],
    ['l.json.gz', (text: string) => gzipSync(text)],
    ['l.json', (text: string) => `{"targets":${text}}`],
  ])('of JSON goes a target a line, whatever its elements are: %s', async (name, written) => {
    const { url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const file = join(dir, name);
    await writeFile(file, written('["a.com",\n{"target":"b.com","id":"7"}, 5, null]'));
    expect(await invoke(['submit', file, '-e', 'bulk_backlinks'], { url })).toMatchObject({ code: 0 });
    expect(seen[0]?.headers['content-type']).toBe('application/x-ndjson');
    expect(String(gunzipSync(seen[0]?.body ?? ''))).toBe('"a.com"\n{"target":"b.com","id":"7"}\n5\nnull\n');
  });

  it('is said to have been read as it was, before anything else, with rows that are invalid or odd', async () => {
    const input = {
      ...sampleInput,
      invalid_sample: [{ line: 3, input: 'foo\u001b', code: 'single_label', message: 'A host needs two labels.' }],
      hints: [{ line: 5, code: 'entity', message: 'It holds &amp;.' }],
    };
    const { url } = await serve((_, response) => json(response, sampleJob({ input }), 202));
    const run = await invoke(['submit', '-', '-e', 'bulk_backlinks'], { url, stdin: 'a' });
    expect(run).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(run.stderr.split('\n').slice(0, 3)).toEqual([
      'List read as CSV, utf-8, between columns ";", header in line 1, targets from "Target URL": 12 lines, 2 of them blank, 1 comment',
      '  line 3, invalid: foo\\u{1b}  A host needs two labels.',
      '  line 5, valid but odd: It holds &amp;.',
    ]);
    const machine = await invoke(['submit', '-', '-e', 'bulk_backlinks', '--json'], { url, stdin: 'a' });
    expect(machine.stderr).toBe('');
    expect(JSON.parse(machine.stdout).input).toEqual(JSON.parse(JSON.stringify(input)));
  });
});

describe('what cannot be done', () => {
  it.each([
    [['submit', '/nowhere/list.txt', '-e', 'bulk_backlinks'], 'cannot be read: there is no such file or folder'],
    [['submit', tmpdir(), '-e', 'bulk_backlinks'], 'is a folder'],
    [['submit', '-', '-e', 'bulk_backlinks', '--format', 'json'], 'Standard input is not valid JSON'],
    [['submit', 'l.ndjson', '-e', 'bulk_backlinks', '--separator', ';'], '--separator goes with text and CSV'],
    [['submit', 'l.txt', '-e', 'bulk_backlinks', '--separator', 'none', '--column', '1'], '--column goes with CSV'],
    [['submit', 'list.txt', '-e', 'bulk_pages_summary', '--max-items', '5'], '--max-items goes with domain_pages'],
    [['estimate', 'list.txt', '-e', 'bulk_backlinks', '--max-items', 'all'], 'bulk_backlinks brings one item a target'],
    [['results', 'job_1', '-o', 'out.xlsx'], 'out.xlsx ends in .xlsx, which is none of its forms: --format says which'],
    [['results', '--tag', 't', '-o', 'out'], 'out has no ending that names a form'],
    [['rows', 'job_1', '-o', 'rows.parquet'], 'of text, ndjson, csv'],
    [['diff', 't', '-o', 'd.parquet'], 'of ndjson, json, csv'],
    [['usage', '-o', 'usage.xlsx'], '--format says which, of csv'],
    [['results'], 'Name a job or a --tag'],
    [['results', 'job_1', '--tag', 't'], 'Name a job or a --tag'],
    [['results', 'job_1', '-e', 'domain_pages'], '--endpoint goes with --tag'],
    [['results', 'job_1', '--min-ok', '1'], '--min-ok goes with --tag'],
    [['results', 'job_1', '--job', 'job_2'], '--job goes with --tag'],
    [['results', 'job_1', '--spreadsheet'], '--spreadsheet goes with CSV'],
    [['submit', '-', '-e', 'bulk_backlinks', '--column', 'site'], '--column goes with CSV: --format csv'],
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
    const { url } = await serve((_, response) => json(response, problem(code, status, { errors }), status));
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
    const { url } = await serve((_, response) => json(response, problem('looks_separated', 422, { detail }), 422));
    expect((await invoke(['jobs'], { url })).stderr).toBe(
      `linkhaul: Refused: ${detail} (Here: --max-cost for max_cost_usd, --format for Content-Type, --separator for separator, --column for column.)\n`,
    );
  });

  it('a proxy that answers for a service that is away is said to have answered', async () => {
    const { url } = await serve((_, response) => void response.writeHead(502).end('<html>'));
    const run = await invoke(['jobs'], { url });
    expect(run).toMatchObject({ code: 6, stderr: expect.stringContaining('The server answered 502') });
    expect(run.stderr).not.toContain('version');
  });

  it('another server, and none, are unreachable', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).end('<html>'));
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

describe('a download', () => {
  const broken = async () => {
    const server = await serve(({ url }, response) => {
      if (!url.includes('results')) return json(response, finishedJob);
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"line":1}\n', () => response.destroy());
    });
    return server.url;
  };

  it('that breaks off leaves what was there before, and no part of it', async () => {
    const file = join(dir, 'results.ndjson');
    await writeFile(file, 'before');
    const run = await invoke(['results', 'job_1', '-o', file], { url: await broken() });
    expect(run.code).toBe(6);
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(dir)).toEqual(['results.ndjson']);
  });

  it('that breaks off is no success on standard output either', async () => {
    expect((await invoke(['results', 'job_1'], { url: await broken() })).code).toBe(6);
  });

  it.each([
    ['r.ndjson', 'ndjson', '{"line":1}\n{"line":2}\n'],
    ['r.csv', 'csv', '{"line":1}\n{"line":2}\n'],
    ['r.parquet', 'parquet', '{"line":1}\n{"line":2}\n'],
    ['r.json', 'ndjson', '{"results":[\n{"line":1},\n{"line":2}\n],"next_cursor":null,"done":true}\n'],
  ])('to %s has the form that its name tells, packed where it ends in .gz', async (name, asked, content) => {
    const { url, seen } = await serve((request, response) =>
      request.url.includes('results')
        ? void asAsked(request, response).end('{"line":1}\n{"line":2}\n')
        : json(response, finishedJob),
    );
    for (const file of [name, `${name}.gz`]) {
      const run = await invoke(['results', 'job_1', '-o', join(dir, file)], { url });
      expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(` in ${join(dir, file)}\n`) });
      const bytes = await readFile(join(dir, file));
      expect(String(file.endsWith('.gz') ? gunzipSync(bytes) : bytes)).toBe(content);
      expect(seen.at(-1)?.url).toBe(`/v1/jobs/job_1/results?format=${asked}`);
    }
  });

  it('of rows, differences and usage follows its name too', async () => {
    const { url, seen } = await serve((request, response) => void asAsked(request, response).end('x\n'));
    for (const words of [['rows', 'job_1'], ['diff', 't'], ['usage']]) {
      const file = join(dir, `${words[0]}.csv`);
      expect(await invoke([...words, '-o', file], { url })).toMatchObject({ code: 0, stdout: '' });
      expect(seen.at(-1)?.url).toContain('format=csv');
      expect(await readFile(file, 'utf8')).toBe('x\n');
    }
  });

  it.each([
    [() => dir, 'it is a folder (EISDIR)'],
    [() => join(dir, 'no', 'r.csv'), 'there is no such file or folder (ENOENT)'],
    [() => join(dir, 'there.csv', 'r.csv'), 'a part of its path is no folder (ENOTDIR)'],
    [() => join(dir, `${'x'.repeat(300)}.csv`), 'its name is too long (ENAMETOOLONG)'],
  ])('that has no place to go is one sentence: %#', async (place, reason) => {
    await writeFile(join(dir, 'there.csv'), '');
    const { url } = await serve((request, response) => void asAsked(request, response).end('x\n'));
    const run = await invoke(['rows', 'job_1', '--format', 'csv', '-o', place()], { url });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toBe(`linkhaul: ${place()} cannot be written: ${reason}.\n`);
  });

  it('of a job that is not finished says so', async () => {
    const { url } = await serve((request, response) =>
      request.url.includes('results')
        ? void asAsked(request, response).end('{"line":1}\n')
        : json(response, sampleJob()),
    );
    const file = join(dir, 'out.ndjson');
    const run = await invoke(['results', 'job_1', '-o', file], { url });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('not finished');
    expect(await readFile(file, 'utf8')).toBe('{"line":1}\n');
  });

  it('to where nothing can be written is bad input', async () => {
    const { url } = await serve((request, response) =>
      request.url.includes('results') ? void asAsked(request, response).end('x') : json(response, finishedJob),
    );
    const run = await invoke(['results', 'job_1', '-o', join(dir, 'no', 'such.csv')], { url });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('cannot be written');
  });

  it.each([
    ['results', '--tag', 'x'],
    ['results', 'job_1', '--format', 'parquet'],
    ['diff', 'x', '--format', 'csv'],
    ['diff', 'x', '--json'],
    ['rows', 'job_1', '--format', 'csv'],
    ['rows', 'job_1', '--format', 'ndjson'],
    ['rows', 'job_1'],
    ['usage', '--format', 'csv'],
  ])('that is a login page is none: %s %s %s %s', async (...words) => {
    const { url } = await serve((request, response) =>
      request.url === '/v1/jobs/job_1'
        ? json(response, finishedJob)
        : void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>'),
    );
    const file = join(dir, words.includes('parquet') ? 'f.parquet' : 'f.csv');
    const isText = words.length === 2 && words[0] === 'rows';
    const run = await invoke([...words, ...(isText ? [] : ['-o', file])], { url });
    expect(run).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('no login page before it') });
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('to a disk that is full says so, and is no bad input', async () => {
    const { url } = await serve((request, response) => void asAsked(request, response).end('line\n'));
    const run = await invoke(['rows', 'job_1', '--format', 'csv', '-o', '/dev/full'], { url });
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/dev/full cannot be written: the disk is full (ENOSPC)'),
    });
  });
});

describe('standard output', () => {
  /** Takes so much, then fails as a disk or a pipe does. */
  const failing = (code: string) =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: no more`), { code })) });

  it.each([['jobs'], ['jobs', '--json'], ['rows', 'job_1'], ['rows', 'job_1', '--format', 'csv'], ['--help']])(
    'that cannot be written is said: %s %s %s',
    async (...words) => {
      const { url } = await serve((request, response) =>
        request.url.includes('rows')
          ? void asAsked(request, response).end(`${JSON.stringify(sampleRow)}\n`)
          : json(response, { jobs: [], next_cursor: null }),
      );
      const full = await invoke(words, { url, stdout: failing('ENOSPC') });
      expect(full).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Standard output cannot be written: the disk is full (ENOSPC)'),
      });
      expect(full.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(await invoke(words, { url, stdout: failing('EPIPE') })).toMatchObject({ code: 0, stderr: '' });
    },
  );
});

describe('watching', () => {
  const someInvalid = { total: 2, pending: 0, ok: 1, empty: 0, failed: 0, invalid: 1, skipped: 0 };

  it('outlives a service that is away for a while', async () => {
    let requests = 0;
    const { url } = await serve((_, response) => {
      requests += 1;
      if (requests === 2) return void response.destroy();
      if (requests === 3) return json(response, problem('unavailable', 503), 503);
      json(response, requests === 1 ? sampleJob() : finishedJob);
    });
    const run = await invoke(['watch', 'job_1'], { url });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('completed, complete');
    expect(run.stderr.match(/trying again/g)).toHaveLength(1);
    expect(requests).toBe(4);
  });

  it('ends at Ctrl-C and says how to go on', async () => {
    const interruption = new AbortController();
    const { url } = await serve((_, response) => {
      json(response, sampleJob());
      interruption.abort();
    });
    const run = await invoke(['watch', 'job_1'], { url, interrupted: interruption.signal });
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('linkhaul watch job_1');
  });

  it.each(['submit', 'estimate'])('Ctrl-C ends a %s that waits for its list', async (name) => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort() });
    const run = await invoke([name, '-', '-e', 'bulk_backlinks'], {
      ...nobody,
      stdin,
      interrupted: interruption.signal,
    });
    expect(run).toMatchObject({ code: 130, stderr: expect.stringContaining('Interrupted') });
  });

  it.each([
    [{ status: 'completed', outcome: 'complete' }, 0],
    [{ status: 'completed', outcome: 'complete', rows: someInvalid }, 3],
    [{ status: 'completed', outcome: 'partial' }, 3],
    [{ status: 'completed', outcome: 'none' }, 5],
    [{ status: 'failed', outcome: 'partial' }, 5],
    [{ status: 'cancelled', outcome: null }, 5],
  ])('%j is exit code %i', async (end, code) => {
    const { url } = await serve((_, response) => json(response, { ...finishedJob, ...end }));
    expect((await invoke(['watch', 'job_1'], { url })).code).toBe(code);
  });

  it('counts no invalid rows where that is said, and failed ones all the same', async () => {
    const end = { ...finishedJob, rows: someInvalid };
    const { url } = await serve((request, response) =>
      json(response, request.url.includes('partial') ? { ...end, outcome: 'partial' } : end),
    );
    expect((await invoke(['watch', 'job_1', '--allow-invalid'], { url })).code).toBe(0);
    expect((await invoke(['watch', 'partial', '--allow-invalid'], { url })).code).toBe(3);
  });

  const error = (code: string, retryable: boolean) => ({ code, message: '', retryable, attempts: 1 });

  it.each([
    [{ failed: 2 }, [error('upstream_rejected', false), error('upstream_error', true)], 'retry job_1\n'],
    [{ failed: 2 }, [error('upstream_rejected', false), error('answer_unreadable', false)], 'retry job_1 --all\n'],
    [{ skipped: 1 }, [error('cancelled', true)], 'retry job_1\n'],
    [{ skipped: 1 }, [error('job_failed', false)], 'retry job_1 --all\n'],
    [{ skipped: 1 }, [error('budget', true)], 'retry job_1 --max-cost USD, with more than before\n'],
    [{ ok: 2 }, [], null],
  ])('ends with a retry that takes up rows: %j %j', async (counts, errors, advice) => {
    const rows = { total: 2, pending: 0, ok: 0, empty: 0, failed: 0, invalid: 0, skipped: 0, ...counts };
    const { url, seen } = await serve((request, response) => {
      if (!request.url.includes('/rows')) return json(response, { ...finishedJob, rows });
      const status = new URL(request.url, 'http://h').searchParams.get('status') ?? '';
      const lines = (status in counts ? errors : []).map((one) => JSON.stringify({ ...sampleRow, status, error: one }));
      asAsked(request, response).end(lines.map((line) => `${line}\n`).join(''));
    });
    const run = await invoke(['watch', 'job_1'], { url });
    if (advice !== null) expect(run.stdout).toContain(`next   linkhaul ${advice}`);
    else expect(run.stdout).not.toContain('retry');
    expect(seen.some((request) => request.url.includes('/rows'))).toBe(advice !== null);
  });

  it('of a paused job ends with 4', async () => {
    const { url } = await serve((_, response) => json(response, sampleJob({ status: 'paused', reason: 'budget' })));
    const run = await invoke(['watch', 'job_1', '--json'], { url });
    expect(run.code).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'paused', reason: 'budget' });
  });
});

describe('webhooks listen', () => {
  const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

  function signed(body: string): RequestInit {
    const [id, seconds] = ['evt_1', String(Math.floor(Date.now() / 1000))];
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
    return { method: 'POST', headers, body };
  }

  it('prints what is signed and refuses everything else', async () => {
    const { url, seen } = await serve((_, response) => json(response, { secret }));
    const interruption = new AbortController();
    const screen = new EventEmitter();
    const said = once(screen, 'said');
    const onScreen = (text: string) => void screen.emit('said', text);
    const run = invoke(['webhooks', 'listen', '--json'], { url, interrupted: interruption.signal, onScreen });
    const at =
      String(await said)
        .trim()
        .split(' ')
        .at(-1) ?? '';
    const statuses: number[] = [];
    for (const init of [
      signed('{"type":"job.completed"}'),
      signed('{"type":"again"}'),
      { ...signed('{"a":1}'), body: '{"a":2}' },
      signed('not json'),
      { method: 'POST', body: 'x' },
      { method: 'GET' },
      signed('x'.repeat(2_000_000)),
    ]) {
      statuses.push(
        await fetch(at, init).then(
          ({ status }) => status,
          () => 413,
        ),
      );
    }
    interruption.abort();
    const { code, stdout, stderr } = await run;
    expect(statuses).toEqual([204, 204, 400, 400, 400, 405, 413]);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: 'evt_1', event: { type: 'job.completed' } },
      { id: 'evt_1', event: { type: 'again' } },
    ]);
    expect(stderr.match(/Refused/g)).toHaveLength(3);
    expect(seen.map(asked)).toEqual(['GET /v1/webhooks/secret']);
  });

  it('takes the secret of the environment, and says where it cannot listen', async () => {
    const { url, seen } = await serve((_, response) => json(response, {}));
    const port = new URL(url).port;
    const run = await invoke(['webhooks', 'listen', '--port', port], { url, env: { LINKHAUL_WEBHOOK_SECRET: secret } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`Cannot listen at 127.0.0.1:${port}`);
    expect(seen).toEqual([]);
  });
});
