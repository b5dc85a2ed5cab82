import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, ndjsonOf, pagesOf, postJson, postText, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const submit = (body: object) => postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', ...body });
const submitText = (query: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
  postText(`${service.url}/v1/jobs?endpoint=bulk_backlinks&${query}`, body, headers);
const urlOf = ({ id }: { id: string }) => `${service.url}/v1/jobs/${id}`;

describe('a submission', () => {
  const list = '\ufeffA.com\r\n\r\nwww.a.com\nb.com\n\0.com\nno tld\nhttps://A.com/X\nlast.org';

  it('counts lines as they stand in the file, plain and compressed', async () => {
    const plain = jobOf(await submitText('', list));
    const packed = jobOf(await submitText('', new Uint8Array(gzipSync(list)), { 'content-encoding': 'gzip' }));
    for (const job of [plain, packed]) {
      expect(job.rows).toMatchObject({ total: 7, pending: 5, invalid: 2 });
      expect(job.duplicates).toBe(1);
    }
    const rows = (await ndjsonOf(urlOf(plain), 'rows')).map((line) => JSON.parse(line));
    expect(rows.map(({ line, target, duplicate_of: of, status }) => [line, target, of, status])).toEqual([
      [1, 'a.com', null, 'pending'],
      [3, 'a.com', 1, 'pending'],
      [4, 'b.com', null, 'pending'],
      [5, null, null, 'invalid'],
      [6, null, null, 'invalid'],
      [7, 'https://a.com/X', null, 'pending'],
      [8, 'last.org', null, 'pending'],
    ]);
  });

  it('takes fields from the query as from JSON', async () => {
    const fields = { tag: 'q & a', metadata: { constructor: 'x' }, keep_www: true, target_as: 'host', expect_rows: 1 };
    const query = Object.entries(fields).map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `${name}=${encodeURIComponent(text)}`;
    });
    const fromQuery = jobOf(await submitText(query.join('&'), 'www.a.com'));
    const fromJson = jobOf(await submit({ ...fields, targets: [{ target: 'www.a.com', id: '7' }] }));
    const same = { tag: 'q & a', metadata: { constructor: 'x' }, keep_www: true, target_as: 'host' };
    expect(fromQuery).toMatchObject(same);
    expect(fromJson).toMatchObject(same);
    const found = JSON.parse((await ask(`${service.url}/v1/jobs?metadata%5Bconstructor%5D=x&limit=1`)).text);
    expect(found.jobs).toHaveLength(1);
    // As in a body: a filter that is passed over would find every job.
    const { detail } = problemOf(await ask(`${service.url}/v1/jobs?metadata%5B__proto__%5D=x`), 'invalid_request');
    expect(detail).toBe('metadata[__proto__]: is not taken as a name');
  });

  it('takes a byte order mark before JSON, and many at once', async () => {
    const body = `\ufeff${JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'] })}`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => postJson(`${service.url}/v1/jobs`, body)));
    expect(new Set(answers.map((answer) => jobOf(answer).id)).size).toBe(20);
    expect(answers[0]?.headers.get('location')).toMatch(/^\/v1\/jobs\/job_/);
  });

  it.each([
    ['text/plain', (at: number) => `d${at}.com\n`],
    ['text/csv', (at: number) => `d${at}.com,"\n"\n`],
    ['application/x-ndjson', (at: number) => `{"target":"d${at}.com"}\n`],
  ])('of %s leaves nothing of a client that goes away half-way', async (type, rowOf) => {
    const own = await starter.start();
    const socket = connect(own.port, '127.0.0.1');
    socket.write(`POST /v1/jobs?endpoint=bulk_backlinks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\n`);
    socket.write(`Content-Length: 9999999\r\n\r\n${Array.from({ length: 32_000 }, (_, at) => rowOf(at)).join('')}`);
    // A part of rows is written each time ten thousand have come.
    await expect.poll(() => own.leftovers()).not.toEqual([]);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(() => own.leftovers()).toEqual([]);
    expect(own.errors).not.toHaveBeenCalled();
  });

  it('takes the same rows as CSV and as NDJSON, with their ids', async () => {
    const bodies = {
      'text/csv': ['site,no\nwww.a.com,1\n\n"b.com",2\nA.com,\nno tld,4\n', '&column=site&id_column=no'],
      'application/x-ndjson': [
        '\n{"target":"www.a.com","id":"1"}\n\n{"target":"b.com","id":"2"}\n"A.com"\n{"target":"no tld","id":"4"}',
        '',
      ],
    };
    for (const [type, [body = '', query]] of Object.entries(bodies)) {
      for (const packed of [false, true]) {
        const headers = { 'content-type': type, ...(packed && { 'content-encoding': 'gzip' }) };
        const job = jobOf(
          await submitText(`expect_rows=4${query}`, packed ? new Uint8Array(gzipSync(body)) : body, headers),
        );
        expect(job).toMatchObject({ rows: { total: 4, pending: 3, invalid: 1 }, duplicates: 1 });
        const rows = (await ndjsonOf(urlOf(job), 'rows')).map((line) => JSON.parse(line));
        expect(rows.map(({ line, input, id, target, duplicate_of: of }) => [line, input, id, target, of])).toEqual([
          [2, 'www.a.com', '1', 'a.com', null],
          [4, 'b.com', '2', 'b.com', null],
          [5, 'A.com', null, 'a.com', 2],
          [6, 'no tld', '4', null, null],
        ]);
      }
    }
  });

  it('is priced by the calls that its domains take', async () => {
    const targets = Array.from({ length: 250 }, (_, at) => `https://d${at % 101}.com/${at}`);
    const body = `${targets.join('\n')}\nhttps://D0.com/0\nWWW.d0.com\nbad`;
    const post = (endpoint: string) => postText(`${service.url}/v1/jobs?endpoint=${endpoint}`, body);
    const [summary, backlinks] = [jobOf(await post('bulk_pages_summary')), jobOf(await post('bulk_backlinks'))];
    expect(summary.cost.estimated_usd).toBeCloseTo(2 * 0.024 + 251 * 0.000036, 9);
    expect(backlinks.cost.estimated_usd).toBeCloseTo(0.024 + 251 * 0.000036, 9);
    expect([summary.duplicates, summary.rows.invalid]).toEqual([1, 1]);
  });

  it('is limited on redis storage', async () => {
    const own = await starter.start({ STORAGE_URL: 'redis:' });
    const url = `${own.url}/v1/jobs?endpoint=bulk_backlinks`;
    const lines = Array.from({ length: 100_001 }, (_, at) => `d${at}.com`);
    const refused = problemOf(await postText(url, `\n${lines.join('\n')}`), 'invalid_request');
    expect(refused.errors?.[0]).toMatchObject({ line: 100_002, code: 'too_many_rows' });
    expect(await own.leftovers()).toEqual([]);
    const job = jobOf(await postText(url, lines.slice(1).join('\n')));
    expect(job.rows.total).toBe(100_000);
    expect(await pagesOf(`${own.url}/v1/jobs/${job.id}`, 'rows', { limit: '1000' })).toHaveLength(100_000);
  });
});

describe('a job', () => {
  it('is paused, resumed and cancelled, and says so at once', async () => {
    const job = jobOf(await submit({ targets: ['a.com', 'b'] }));
    const act = (action: string, body?: object) => postJson(`${urlOf(job)}/${action}`, body ?? '');
    expect(jobOf(await act('pause'))).toMatchObject({ status: 'paused', reason: 'user' });
    expect(jobOf(await act('resume', {}))).toMatchObject({ status: 'queued', reason: null });
    problemOf(await act('resume', { max_cost: 1 }), 'invalid_request');
    problemOf(await act('resume', { max_cost_usd: -1 }), 'invalid_request');
    expect(jobOf(await act('resume', { max_cost_usd: 1 }))).toMatchObject({ status: 'queued', max_cost_usd: 1 });
    problemOf(await act('pause', { x: 1 }), 'invalid_request');
    problemOf(await act('pause?x=1'), 'invalid_request');
    const cancelled = jobOf(await act('cancel'));
    expect(cancelled).toMatchObject({ status: 'cancelled', rows: { skipped: 1, invalid: 1 } });
    expect(jobOf(await act('cancel')).history).toEqual(cancelled.history);
    problemOf(await act('pause'), 'conflict');
    const statuses = (await ndjsonOf(urlOf(job), 'rows')).map((line) => JSON.parse(line).status);
    expect(statuses).toEqual(['skipped', 'invalid']);
    expect(await ndjsonOf(urlOf(job), 'results')).toHaveLength(1);
    await service.services.jobSteps.finish({ tenant: 'local', id: job.id });
    expect(await ndjsonOf(urlOf(job), 'results')).toHaveLength(2);
    expect(jobOf(await ask(`${urlOf(job)}?wait_ms=50000`)).finished_at).not.toBeNull();
  });

  it('is waited for until it is finished', async () => {
    const job = jobOf(await submit({ targets: ['bad'] }));
    const waiting = ask(`${urlOf(job)}?wait_ms=50000`);
    const worker = await createWorker(service, { tenant: 'local', id: job.id });
    await worker.plan();
    await worker.finish();
    expect(jobOf(await waiting)).toMatchObject({ status: 'completed', outcome: 'none' });
    problemOf(await ask(`${urlOf(job)}?wait_ms=50001`), 'invalid_request');
  });

  it('is listed newest first, a page at a time, by status and endpoint', async () => {
    const own = await starter.start();
    const ids: string[] = [];
    for (const start of ['auto', 'manual', 'auto']) {
      const body = { endpoint: 'bulk_backlinks', targets: ['a.com'], start };
      ids.unshift(jobOf(await postJson(`${own.url}/v1/jobs`, body)).id);
    }
    await ask(`${own.url}/v1/jobs/${ids[0]}/pause`, { method: 'POST' });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = JSON.parse((await ask(`${own.url}/v1/jobs?limit=1${query}`)).text);
      seen.push(...page.jobs.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids);
    const count = async (query: string) => JSON.parse((await ask(`${own.url}/v1/jobs?${query}`)).text).jobs.length;
    expect(await count('status=paused')).toBe(1);
    expect(await count('status=paused,queued')).toBe(3);
    expect(await count('endpoint=domain_pages')).toBe(0);
    const madeUp = ['x', '0', '1'.repeat(28), `${'0'.repeat(9)}${'g'.repeat(20)}`, 'z'.repeat(29), '0'.repeat(30)];
    for (const text of madeUp) problemOf(await ask(`${own.url}/v1/jobs?cursor=job_${text}`), 'invalid_request');
    for (const query of ['status=nope', 'endpoint=nope', 'cursor=%20', 'stat=paused', 'limit=1&limit=2']) {
      problemOf(await ask(`${own.url}/v1/jobs?${query}`), 'invalid_request');
    }
  });
});

it('does not show a job that a newer version works on, and says so', async () => {
  const job = jobOf(await submit({ targets: ['a.com'] }));
  await service.redis.hset(service.keys.job(job), 'format', 99);
  const { detail } = problemOf(await ask(urlOf(job)), 'unavailable');
  expect(detail).toContain('a job in Redis has format 99');
  await service.redis.hset(service.keys.job(job), 'format', 1);
  expect(jobOf(await ask(urlOf(job))).id).toBe(job.id);
});
