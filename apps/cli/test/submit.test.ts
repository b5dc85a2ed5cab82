import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SubmittedJob } from '@linkhaul/schemas';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { sampleJob } from '../../../packages/client/test/service/samples.js';
import { invoke, sampleInput } from './invoke.js';
import { nobody } from './service.js';
import { temporaryFolder } from './temporary-folder.js';

let dir: string;

beforeEach(async () => {
  dir = await temporaryFolder();
});

describe('submit', () => {
  it('a list travels gzipped, with its fields in the query', async () => {
    const { baseUrl: url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const words = ['submit', '-', '-e', 'bulk_backlinks', '--format', 'csv', '--column', 'site', '--id-column', '2'];
    const fields = ['--header', 'true', '--tag', 'ü&', '--max-cost', '1.5', '--metadata', 'a=b'];
    const more = [
      '--params',
      '{"x":1}',
      '--keep-www',
      '--webhook',
      'http://h/',
      '--pingback',
      'http://h/ping?$id',
      '--postback',
      'http://h/post',
      '--idempotency-key',
      'k',
      '--on-overlap',
    ];
    const run = await invoke([...words, ...fields, ...more, 'reject'], { url, stdin: 'site,id\na.com,1\n' });
    expect(run).toMatchObject({ code: 0, stdout: 'job_1\n' });
    const [request] = seen;
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
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
      pingback_url: 'http://h/ping?$id',
      postback_url: 'http://h/post',
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-encoding': 'gzip',
      'idempotency-key': 'k',
    });
    expect(String(gunzipSync(request?.body ?? ''))).toBe('site,id\na.com,1\n');
  });

  it('a list that is gzipped already travels as it is, its form told by its name', async () => {
    const { baseUrl: url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
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
    const { baseUrl: url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const file = join(dir, name);
    await writeFile(file, name.endsWith('.gz') ? gzipSync('a.com\n') : 'a.com\n');
    expect(await invoke(['submit', file, '-e', 'bulk_backlinks', ...words], { url })).toMatchObject({ code: 0 });
    const [request] = seen;
    expect(request?.headers['content-type']).toBe(type);
    expect(decodeURIComponent(request?.path ?? '')).toBe(
      `/v1/jobs?endpoint=bulk_backlinks${query === '' ? '' : `&${query}`}`,
    );
    expect(String(gunzipSync(request?.body ?? ''))).toBe('a.com\n');
  });

  it.each([
    ['l.json', (text: string) => `\ufeff${text}`],
    ['l.json.gz', (text: string) => gzipSync(text)],
    ['l.json', (text: string) => `{"targets":${text}}`],
    ['l.json', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['l.json', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('of JSON goes one target per line, whatever its elements are: %s', async (name, written) => {
    const { baseUrl: url, seen } = await serve((_, response) => json(response, sampleJob(), 202));
    const file = join(dir, name);
    await writeFile(file, written('["a.com",\n{"target":"b.com","id":"7"}, 5, null]'));
    expect(await invoke(['submit', file, '-e', 'bulk_backlinks'], { url })).toMatchObject({ code: 0 });
    expect(seen[0]?.headers['content-type']).toBe('application/x-ndjson');
    expect(String(gunzipSync(seen[0]?.body ?? ''))).toBe('"a.com"\n{"target":"b.com","id":"7"}\n5\nnull\n');
  });

  it.each<[string, string | Buffer, string]>([
    ['other fields', '{"endpoint":"bulk_ranks","targets":["a.com"],"max_cost_usd":5}', '`endpoint` beside its targets'],
    ['Latin-1', Buffer.from('["https://a.com/für"]', 'latin1'), 'bytes that are not utf-8'],
    ['half of UTF-16', Buffer.from('\ufeff["a.com"]x', 'utf16le').subarray(0, -1), 'bytes that are not utf-16le'],
  ])('of JSON is refused with %s, which would be lost', async (_, written, says) => {
    const file = join(dir, 'l.json');
    await writeFile(file, written);
    const run = await invoke(['submit', file, '-e', 'bulk_backlinks'], nobody);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });

  it('is said to have been read as it was, before anything else, with rows that are invalid or odd', async () => {
    const input: SubmittedJob['input'] = {
      ...sampleInput,
      invalid_sample: [{ line: 3, input: 'foo\u001b', code: 'single_label', message: 'A host needs two labels.' }],
      hints: [{ line: 5, code: 'entity', message: 'It holds &amp;.' }],
    };
    const { baseUrl: url } = await serve((_, response) => json(response, sampleJob({ input }), 202));
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
