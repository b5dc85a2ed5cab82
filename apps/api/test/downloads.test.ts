import { createHash } from 'node:crypto';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { manifest, resultColumns, SCHEMA_VERSION } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDownloads } from '../src/results/downloads.js';
import { NDJSON } from '../src/results/forms.js';
import { finishedListJob } from './finished-job.js';
import { heldStorage } from './held-storage.js';
import { ask, jobOf, ndjsonOf, postJson, problemOf } from './http.js';
import { rawly } from './raw.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const GZIP = { 'accept-encoding': 'gzip' };
const FORMS = ['ndjson', 'ndjson&maps=pairs', 'csv', 'csv&spreadsheet=1', 'parquet'];

describe('a finished job', () => {
  it.each(FORMS)('gives the same bytes of %s at every time, compressed or not', async (form) => {
    const url = `${await finishedListJob(service)}/results?format=${form}`;
    const first = await rawly(url);
    const again = await rawly(url);
    const packed = await rawly(url, GZIP);
    expect(first.status).toBe(200);
    // The first is given while the files are written, and its length not known yet.
    expect(first.headers['content-length']).toBeUndefined();
    expect(again.headers['content-length']).toBe(String(again.body.length));
    expect(again.body).toEqual(first.body);
    expect(packed.headers['content-length']).toBe(String(packed.body.length));
    if (form === 'parquet') return expect(packed.body).toEqual(first.body);
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    // One member: clients stop at the end of the first.
    expect(inflateRawSync(packed.body.subarray(10))).toEqual(first.body);
    expect(gunzipSync(packed.body)).toEqual(first.body);
    expect(packed.headers.etag).not.toBe(again.headers.etag);
  });

  it.each(FORMS)('gives any part of %s, and says how much there is', async (form) => {
    const url = `${await finishedListJob(service)}/results?format=${form}`;
    for (const encoding of [{}, GZIP]) {
      const half = await rawly(url, { ...encoding, range: 'bytes=20-' });
      const whole = await rawly(url, encoding);
      const { length } = whole.body;
      expect(half.status).toBe(206);
      expect(half.headers['content-range']).toBe(`bytes 20-${length - 1}/${length}`);
      expect(half.body).toEqual(whole.body.subarray(20));
      expect((await rawly(url, { ...encoding, range: 'bytes=0-0' })).body).toEqual(whole.body.subarray(0, 1));
      expect((await rawly(url, { ...encoding, range: 'bytes=-7' })).body).toEqual(whole.body.subarray(-7));
      expect((await rawly(url, { ...encoding, range: 'bytes=5-999999' })).body).toEqual(whole.body.subarray(5));
      const head = await rawly(url, encoding, 'HEAD');
      expect(head.body.length).toBe(0);
      for (const name of ['content-length', 'content-type', 'content-encoding', 'etag', 'accept-ranges']) {
        expect(head.headers[name]).toBe(whole.headers[name]);
      }
      const beyond = await rawly(url, { ...encoding, range: `bytes=${length}-` });
      problemOf({ status: beyond.status, text: String(beyond.body) }, 'range_not_satisfiable');
      expect(beyond.headers['content-range']).toBe(`bytes */${length}`);
    }
  });

  it('is not sent again to who has it, and whole to who has something else', async () => {
    const url = `${await finishedListJob(service)}/results?format=ndjson`;
    const { headers, body } = await rawly(url, {}, 'HEAD');
    const etag = headers.etag ?? '';
    expect(body.length).toBe(0);
    expect(await rawly(url, { 'if-none-match': `"x", W/${etag}` })).toMatchObject({ status: 304, headers: { etag } });
    const range = 'bytes=0-1';
    expect((await rawly(url, { range, 'if-range': etag })).status).toBe(206);
    expect((await rawly(url, { range, 'if-range': '"x"' })).status).toBe(200);
    for (const other of ['bytes=0-1,3-4', 'bytes=9-1', 'lines=0-1', 'bytes=-']) {
      expect((await rawly(url, { range: other })).status).toBe(200);
    }
    for (const none of ['gzip;q=0', 'identity', 'br, *;q=0', 'gzip;q=0.0, *']) {
      expect((await rawly(url, { 'accept-encoding': none })).headers['content-encoding']).toBeUndefined();
    }
    expect((await rawly(url, { 'accept-encoding': '*' })).headers['content-encoding']).toBe('gzip');
  });

  it('has a manifest of files that hold the results', async () => {
    const url = await finishedListJob(service);
    const job = jobOf(await ask(url));
    const said = manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text));
    expect(said).toMatchObject({ job: job.id, run: 1, items: 2, schema_version: SCHEMA_VERSION, simulated: true });
    expect(said.cost.spent_usd).toBe(job.cost.spent_usd);
    const contents = await Promise.all(
      said.files.map(async ({ path, bytes, sha256 }) => {
        expect(path).toMatch(new RegExp(`^results/local/${job.id}/.*\\.ndjson\\.gz$`));
        const stored = (await service.services.storage.get(path)) ?? Buffer.alloc(0);
        expect(stored.length).toBe(bytes);
        expect(createHash('sha256').update(stored).digest('hex')).toBe(sha256);
        return gunzipSync(stored).toString();
      }),
    );
    const lines = await ndjsonOf(url, 'results');
    expect(contents.join('')).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(said.rows).toBe(lines.length);
    problemOf(await ask(`${url}/manifest?x=1`), 'invalid_request');
    problemOf(await ask(`${service.url}/v1/jobs/job_1/manifest`), 'not_found');
  });

  it('is the same as lines, cut out of bytes, and as pages, which are parsed', async () => {
    const targets = [
      'Bücher.example.com',
      { target: 'a.com', id: 'é"1' },
      'no',
      'WWW.A.com',
      'https://c.com/ü',
      'd.com',
    ];
    const more = ['e.com', 'f.com', 'g.com', 'h.com', 'i.com', 'j.com'];
    const body = { endpoint: 'bulk_backlinks', targets: [...targets, ...more] };
    const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.plan(4);
    await worker.send();
    const items = [{ target: 'x', more: 'é' }, { target: 'y' }];
    await worker.settle(1, { outcome: { kind: 'bulk', items: [1, 0, -1, -2] }, items });
    await worker.settle(2, { outcome: { kind: 'split', message: '40501' } });
    await worker.settle(3, { outcome: { kind: 'bulk', items: [0, 0] }, items });
    const failed = { code: 'upstream_error' as const, message: 'Oops é', itemsSoFar: 0, costSoFar: 0 };
    for (const [at, call] of (await worker.send()).entries()) {
      await worker.settle(
        call,
        at === 0 ? { outcome: { kind: 'failed', ...failed } } : { outcome: { kind: 'bulk', items: [0, -1] }, items },
      );
    }
    await worker.finish();
    const url = `${service.url}/v1/jobs/${id}`;
    const lines = (await ndjsonOf(url, 'results')).map((line) => JSON.parse(line));
    expect(lines).toEqual(JSON.parse((await ask(`${url}/results?limit=1000`)).text).results);
    expect(lines.map(({ status }) => status).sort()).toEqual([
      ...['empty', 'empty', 'failed', 'failed', 'failed', 'invalid', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
    ]);
  });

  it('is written once for all who wait, and goes on being written when they are told to come again', async () => {
    const url = await finishedListJob(service);
    const { id } = jobOf(await ask(url));
    const job = (await service.services.store.get({ tenant: 'local', id })) ?? expect.fail();
    const held = heldStorage(service.services.storage);
    const downloads = createDownloads({ ...service.services, storage: held.storage });
    const waiting = [NDJSON, NDJSON, NDJSON].map((form) => downloads.ensure(job, form, 1));
    expect(await Promise.all(waiting)).toEqual(['later', 'later', 'later']);
    const later = downloads.ensure(job, NDJSON, 60_000);
    expect(await downloads.find(job, NDJSON)).toBeNull();
    held.release();
    expect(await later).toMatchObject({ files: [{ path: expect.any(String) }] });
    expect(await downloads.find(job, NDJSON)).toEqual(await later);
    expect(held.created).toHaveLength(2);
  });

  it('is written beside seven others at the most', async () => {
    const url = await finishedListJob(service);
    const { id } = jobOf(await ask(url));
    const job = (await service.services.store.get({ tenant: 'local', id })) ?? expect.fail();
    const held = heldStorage(service.services.storage);
    const downloads = createDownloads({ ...service.services, storage: held.storage });
    const runs = Array.from({ length: 8 }, (_, at) => downloads.ensure({ ...job, run: 100 + at }, NDJSON, 60_000));
    await expect.poll(held.asked).toBe(8);
    expect(await downloads.ensure(job, NDJSON, 60_000)).toBe('later');
    held.release();
    const one = { files: [{ path: expect.any(String) }] };
    for (const stored of await Promise.all(runs)) expect(stored).toMatchObject(one);
    expect(await downloads.ensure(job, NDJSON, 60_000)).toMatchObject(one);
  });

  it('has new files when it is run again, and none while it is; those of the run before stay', async () => {
    const url = await finishedListJob(service);
    const { id } = jobOf(await ask(url));
    const named = async () => manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text));
    const first = await named();
    const before = await rawly(`${url}/results?format=ndjson`);
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.retire();
    expect((await postJson(`${url}/retry`, {})).status).toBe(200);
    problemOf(await ask(`${url}/manifest`), 'conflict');
    await worker.planAgain();
    const open = await rawly(`${url}/results?format=ndjson`);
    expect(open.headers.etag).toBeUndefined();
    expect(String(open.body)).not.toContain('upstream_error');
    const [root = 0] = await worker.send();
    const outcome = { kind: 'list' as const, offset: 0, items: 1, totalCount: 1, itemsSoFar: 1, costSoFar: 0 };
    await worker.settle(root, {
      outcome: { ...outcome, status: 'ok', truncated: null },
      items: [{ page: 'https://c.com/' }],
    });
    await worker.finish();
    const again = await named();
    expect(again).toMatchObject({ run: 2, items: first.items + 1 });
    const after = await rawly(`${url}/results?format=ndjson`, { 'if-none-match': before.headers.etag ?? '' });
    expect(after.status).toBe(200);
    expect(String(after.body)).toContain('https://c.com/');
    const paths = new Set([...first.files, ...again.files].map(({ path }) => path));
    expect(paths.size).toBe(first.files.length + again.files.length);
    for (const path of paths) expect(await service.services.storage.get(path)).not.toBeNull();
  });

  it('is a file by its own name, of every status that is asked for', async () => {
    const url = await finishedListJob(service);
    const { headers, text } = await ask(`${url}/results?format=csv&status=failed,empty&download=1`);
    expect(text.split('\r\n')).toHaveLength(4);
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="job_\w+-results.csv"$/);
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    for (const query of [
      'format=xml',
      'spreadsheet=1',
      'maps=pairs',
      'format=csv&maps=pairs',
      'format=ndjson&maps=lists',
      'format=csv&spreadsheet=2',
      'format=csv&cursor=x',
      'download=2',
    ]) {
      problemOf(await ask(`${url}/results?${query}`), 'invalid_request');
    }
    problemOf(await ask(`${url}/rows?format=parquet`), 'invalid_request');
    problemOf(await ask(`${url}/rows?format=ndjson&maps=pairs`), 'invalid_request');
  });
});

describe('a job that runs', () => {
  it('gives what there is so far, which is no file yet', async () => {
    const { id } = jobOf(
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com', 'no', 'b.com'] }),
    );
    const url = `${service.url}/v1/jobs/${id}`;
    problemOf(await ask(`${url}/manifest`), 'conflict');
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.plan(1);
    await worker.send();
    await worker.settle(2, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'b.com', backlinks: 5 }] });
    const packed = await rawly(`${url}/results?format=csv`, { ...GZIP, range: 'bytes=0-1' });
    expect(packed.status).toBe(200);
    expect(packed.headers.etag).toBeUndefined();
    const [header, ...records] = inflateRawSync(packed.body.subarray(10)).toString().split('\r\n');
    expect(header).toBe(
      resultColumns('bulk_backlinks')
        .list.map(({ name }) => name)
        .join(','),
    );
    expect(records.map((record) => record.split(',').slice(0, 5).join())).toEqual([
      '2,no,,,invalid',
      '3,b.com,,b.com,ok',
      '',
    ]);
    expect((await rawly(`${url}/results?format=csv`, {}, 'HEAD')).status).toBe(200);
    // Nothing was written of it: the rest is still to come.
    await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
    await worker.finish();
    expect(await ndjsonOf(url, 'results')).toHaveLength(3);
  });
});
