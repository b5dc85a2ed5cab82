import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from '@linkhaul/schemas';
import { paths } from '@linkhaul/storage';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isThorough } from '../../../e2e/env.js';
import { BREAK_NAMES, type Break, breakAnswer, brokenJob, bulkJob } from './damaged.js';
import { askDuck } from './duck.js';
import { ask, jobOf, ndjsonOf, pagesOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
let folder: string;
let file: string;

beforeAll(async () => {
  service = await starter.start();
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-damaged-'));
  file = join(folder, 'results.parquet');
});
afterAll(async () => {
  await starter.closeAll();
  await rm(folder, { recursive: true, force: true });
});

interface Line {
  readonly line: number;
  readonly status: string;
  readonly position?: number | null;
  readonly error: { code: string; retryable: boolean } | null;
}

const linesOf = (texts: readonly string[]): Line[] => texts.map((text) => JSON.parse(text));
const codesOf = (texts: readonly string[]) =>
  linesOf(texts)
    .sort((a, b) => a.line - b.line)
    .map(({ line, status, error }) => `${line} ${error?.code ?? status}`);

const WHOLE = ['1 ok', '2 empty', '3 missing_in_answer', '4 ok', '5 ok', '6 ok', '7 ok', '8 single_label'];
const FIRST_BROKEN = [
  '1 answer_damaged',
  '2 answer_damaged',
  '3 answer_damaged',
  '4 answer_damaged',
  '5 ok',
  '6 ok',
  '7 ok',
  '8 single_label',
];

const READINGS: Record<string, (url: string, tag: string) => Promise<string[]>> = {
  'results as NDJSON': (url) => ndjsonOf(url, 'results'),
  'results as pages of JSON': (url) => pagesOf(url, 'results', { limit: '2' }),
  'rows as NDJSON': (url) => ndjsonOf(url, 'rows'),
  'rows as pages of JSON': (url) => pagesOf(url, 'rows', { limit: '3' }),
  'results of a tag': async (_, tag) =>
    (await ask(`${service.url}/v1/tags/${tag}/results?format=ndjson`)).text.split('\n').slice(0, -1),
};

/** All of them with `test:all`; with each run of the tests each way to break and each way to read, but not each pair. */
const readingsFor = (how: Break) => {
  const all = Object.entries(READINGS);
  const number = BREAK_NAMES.indexOf(how);
  return isThorough ? all : all.filter((_, at) => at % BREAK_NAMES.length === number || number % all.length === at);
};

describe.each(BREAK_NAMES)('an answer that is %s', (how) => {
  test.each(readingsFor(how))('fails its rows in %s, and in what the job counts', async (name, read) => {
    const tag = `${how} ${name}`.replaceAll(' ', '-');
    const { url, job } = await bulkJob(service, tag);
    expect(codesOf(await ndjsonOf(url, 'rows'))).toEqual(WHOLE);
    const before = jobOf(await ask(url));
    await breakAnswer(service, { job, call: 1 }, how);
    expect(codesOf(await read(url, tag))).toEqual(FIRST_BROKEN);
    const after = jobOf(await ask(url));
    expect(before).toMatchObject({ outcome: 'partial', rows: { ok: 5, empty: 1, failed: 1, invalid: 1 } });
    expect(after).toMatchObject({ outcome: 'partial', rows: { ok: 3, empty: 0, failed: 4, invalid: 1 } });
    expect(after.cost).toEqual(before.cost);
    expect(after.history.at(-1)).toMatchObject({ action: 'answer_damaged', by: 'system', to: 'partial' });
    for (const again of Object.values(READINGS)) expect(codesOf(await again(url, tag))).toEqual(FIRST_BROKEN);
    expect(jobOf(await ask(url))).toEqual(after);
    expect(service.errors).not.toHaveBeenCalled();
  });
});

describe('damage met by a reader', () => {
  it('cuts no CSV, and no Parquet', async () => {
    const { url } = await brokenJob(service, 'forms');
    const csv = await ask(`${url}/results?format=csv`);
    expect(csv.status).toBe(200);
    expect(csv.text.match(/answer_damaged/g)).toHaveLength(4);
    const other = await brokenJob(service, 'forms-parquet', 'flipped in the body');
    const parquet = await fetch(`${other.url}/results?format=parquet`);
    expect(parquet.status).toBe(200);
    await writeFile(file, new Uint8Array(await parquet.arrayBuffer()));
    const counts = await askDuck(
      `SELECT status, count(*)::INT AS lines FROM '${file}' GROUP BY status ORDER BY status`,
    );
    expect(counts).toEqual([
      { status: 'failed', lines: 4 },
      { status: 'invalid', lines: 1 },
      { status: 'ok', lines: 3 },
    ]);
  });

  it('shows the call, and what of its answer can be told', async () => {
    const { url } = await brokenJob(service, 'calls');
    const answer = await ask(`${url}/calls`);
    expect(answer.status, answer.text).toBe(200);
    const { calls } = JSON.parse(answer.text);
    expect(calls).toMatchObject(
      [
        { call: 1, status: 'stored', attempts: [{ sent_at: null, code: null, cost_usd: null }] },
        { call: 2, status: 'stored', attempts: [{ code: 20_000, cost_usd: 0.024 }] },
        { call: 3 },
      ].slice(0, calls.length),
    );
    expect(jobOf(await ask(url)).rows).toMatchObject({ failed: 4 });
  });

  it('has files written again under another name, and counted by the manifest', async () => {
    const { url, job } = await bulkJob(service, 'files');
    const named = async () => manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text));
    const head = () => ask(`${url}/results?format=ndjson`, { method: 'HEAD' });
    const first = await named();
    const etag = (await head()).headers.get('etag') ?? '';
    expect(first).toMatchObject({ rows: 8, damaged_rows: 0 });
    await breakAnswer(service, { job, call: 2 }, 'removed');
    // Nobody has met it: the files that were written are whole.
    expect(await named()).toEqual(first);
    await ndjsonOf(url, 'rows');
    const second = await named();
    expect(second).toMatchObject({ rows: 8, damaged_rows: 3 });
    expect(second.files).not.toEqual(first.files);
    expect((await head()).headers.get('etag')).not.toBe(etag);
    const again = await ask(`${url}/results?format=ndjson`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(200);
    expect(again.text.match(/answer_damaged/g)).toHaveLength(3);
    const ranged = await ask(`${url}/results?format=ndjson`, { headers: { 'if-range': etag, range: 'bytes=0-9' } });
    expect(ranged.status).toBe(200);
  });

  it('met while files are written, ends in files of the results as they are then', async () => {
    const { url, job } = await brokenJob(service, 'while-written');
    const found = manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text));
    expect(found).toMatchObject({ rows: 8, damaged_rows: 4 });
    expect(found.files.map(({ path }) => path)).toEqual([expect.stringContaining('damaged-1')]);
    await breakAnswer(service, { job, call: 2 }, 'cut in the header');
    const ranged = await ask(`${url}/results?format=csv`, { headers: { range: 'bytes=0-9' } });
    expect(ranged.status).toBe(206);
    const whole = await ask(`${url}/results?format=csv`);
    expect(whole.headers.get('etag')).toContain('1d2.');
    expect(ranged.headers.get('etag')).toContain('1d2.');
    expect(whole.text.match(/answer_damaged/g)).toHaveLength(7);
    expect(jobOf(await ask(url))).toMatchObject({ outcome: 'none', rows: { ok: 0, failed: 7 } });
    problemOf(await ask(`${service.url}/v1/tags/while-written/results`), 'not_found');
  });

  it('is not judged where storage is away, or cannot read', async () => {
    const { url, job } = await bulkJob(service, 'away');
    const storage = fileURLToPath(service.storageUrl);
    const isUntold = async () => {
      for (const path of ['rows', 'results', 'calls', 'manifest']) {
        problemOf(await ask(`${url}/${path}`), 'unavailable');
      }
    };
    await rename(storage, `${storage}-away`);
    await isUntold();
    // As an empty folder that a mount has left.
    await mkdir(storage);
    await isUntold();
    await rm(storage, { recursive: true });
    await rename(`${storage}-away`, storage);
    const path = join(storage, paths.answer(job, 1, 1));
    await rename(path, `${path}-kept`);
    await mkdir(path);
    await isUntold();
    await rm(path, { recursive: true });
    await rename(`${path}-kept`, path);
    expect(codesOf(await ndjsonOf(url, 'rows'))).toEqual(WHOLE);
    expect(jobOf(await ask(url)).history.filter(({ action }) => action === 'answer_damaged')).toEqual([]);
  });

  it('is not retried unless it is named, and then its rows are asked again', async () => {
    const { url, worker } = await brokenJob(service, 'retry');
    await ndjsonOf(url, 'rows');
    problemOf(await postJson(`${url}/retry`, {}), 'conflict');
    expect(jobOf(await postJson(`${url}/retry`, { codes: ['answer_damaged'] }))).toMatchObject({ run: 2 });
    await worker.planAgain(3);
    expect(jobOf(await ask(url)).rows).toMatchObject({ pending: 4, ok: 3, failed: 0 });
    const [again] = await worker.send();
    if (again === undefined) return expect.fail('nothing was sent');
    const items = [{ target: 'a.com' }, { target: 'b.com' }, { target: 'c.com' }];
    await worker.settle(again, { outcome: { kind: 'bulk', items: [0, 1, 2] }, items });
    await worker.finish();
    const whole = ['1 ok', '2 ok', '3 ok', '4 ok', '5 ok', '6 ok', '7 ok', '8 single_label'];
    expect(codesOf(await ndjsonOf(url, 'rows'))).toEqual(whole);
    expect(codesOf(await ndjsonOf(url, 'results'))).toEqual(whole);
    expect(jobOf(await ask(url))).toMatchObject({ outcome: 'complete', rows: { ok: 7, failed: 0 } });
    expect(manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text))).toMatchObject({ damaged_rows: 0 });
  });
});
