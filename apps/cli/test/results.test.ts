import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { asAsked, json, serve } from '../../../packages/client/test/service/http-server.js';
import { finishedJob, sampleJob } from '../../../packages/client/test/service/samples.js';
import { invoke } from './invoke.js';
import { checkExchange } from './service.js';
import { temporaryFolder } from './temporary-folder.js';

let dir: string;

beforeEach(async () => {
  dir = await temporaryFolder();
});

describe('results and rows', () => {
  it.each([
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
    [['rows', 'job_1', '--json'], 'GET /v1/jobs/job_1/rows?format=ndjson', {}, '{}'],
    [
      ['rows', 'job_1', '--format', 'csv', '--spreadsheet'],
      'GET /v1/jobs/job_1/rows?format=csv&spreadsheet=1',
      {},
      '{}',
    ],
  ])('%j', (...exchange) => checkExchange(exchange));
});

describe('a download', () => {
  const broken = async () => {
    const server = await serve(({ path }, response) => {
      if (!path.includes('results')) return json(response, finishedJob);
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"line":1}\n', () => response.destroy());
    });
    return server.baseUrl;
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
    const { baseUrl: url, seen } = await serve((request, response) =>
      request.path.includes('results')
        ? void asAsked(request, response).end('{"line":1}\n{"line":2}\n')
        : json(response, finishedJob),
    );
    for (const file of [name, `${name}.gz`]) {
      const run = await invoke(['results', 'job_1', '-o', join(dir, file)], { url });
      expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(` in ${join(dir, file)}\n`) });
      const bytes = await readFile(join(dir, file));
      expect(String(file.endsWith('.gz') ? gunzipSync(bytes) : bytes)).toBe(content);
      expect(seen.at(-1)?.path).toBe(`/v1/jobs/job_1/results?format=${asked}`);
    }
  });

  it('of rows, differences and usage follows its name too', async () => {
    const { baseUrl: url, seen } = await serve((request, response) => void asAsked(request, response).end('x\n'));
    for (const words of [['rows', 'job_1'], ['diff', 't'], ['usage']]) {
      const file = join(dir, `${words[0]}.csv`);
      expect(await invoke([...words, '-o', file], { url })).toMatchObject({ code: 0, stdout: '' });
      expect(seen.at(-1)?.path).toContain('format=csv');
      expect(await readFile(file, 'utf8')).toBe('x\n');
    }
  });

  it.each([
    [() => dir, 'it is a folder (EISDIR)'],
    [() => join(dir, 'no', 'r.csv'), 'there is no such file or folder (ENOENT)'],
    [() => join(dir, 'there.csv', 'r.csv'), 'a part of its path is not a folder (ENOTDIR)'],
    [() => join(dir, `${'x'.repeat(300)}.csv`), 'its name is too long (ENAMETOOLONG)'],
  ])('that has no place to go is one sentence: %#', async (place, reason) => {
    await writeFile(join(dir, 'there.csv'), '');
    const { baseUrl: url } = await serve((request, response) => void asAsked(request, response).end('x\n'));
    const run = await invoke(['rows', 'job_1', '--format', 'csv', '-o', place()], { url });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toBe(`linkhaul: ${place()} cannot be written: ${reason}.\n`);
  });

  it('of a job that is not finished says so', async () => {
    const { baseUrl: url } = await serve((request, response) =>
      request.path.includes('results')
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
    const { baseUrl: url } = await serve((request, response) =>
      request.path.includes('results') ? void asAsked(request, response).end('x') : json(response, finishedJob),
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
    const { baseUrl: url } = await serve((request, response) =>
      request.path === '/v1/jobs/job_1'
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
    const { baseUrl: url } = await serve((request, response) => void asAsked(request, response).end('line\n'));
    const run = await invoke(['rows', 'job_1', '--format', 'csv', '-o', '/dev/full'], { url });
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/dev/full cannot be written: the disk is full (ENOSPC)'),
    });
  });
});
