import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor, START } from '../src/results/cursor.js';
import { ask, jobOf, ndjsonOf, pageOf, pagesOf, postJson, postText, problemOf } from './http.js';
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

describe('a list of results', () => {
  it('says of each row of a bulk call what became of it, keys in order', async () => {
    const targets = ['a.com', 'bad', 'b.com', 'WWW.a.com', 'c.com', 'd.com'];
    const job = jobOf(await submit({ targets }));
    const worker = await createWorker(service, { tenant: 'local', id: job.id });
    await worker.plan(3);
    expect(await pageOf(urlOf(job), 'results')).toMatchObject({
      done: false,
      lines: [expect.stringContaining('"invalid"')],
    });
    await worker.send();
    await worker.settle(1, {
      outcome: { kind: 'bulk', items: [1, -1, -2] },
      items: [{ target: 'x' }, { target: 'a.com' }],
    });
    expect(await pagesOf(urlOf(job), 'rows', { status: 'pending' })).toHaveLength(1);
    const failed = { code: 'upstream_error' as const, message: '50000 Oops', itemsSoFar: 0, costSoFar: 24_000_000 };
    await worker.settle(2, { outcome: { kind: 'failed', ...failed } });
    await worker.finish();
    expect(jobOf(await ask(urlOf(job)))).toMatchObject({ status: 'completed', outcome: 'partial' });

    const lines = await ndjsonOf(urlOf(job), 'results');
    expect(await pagesOf(urlOf(job), 'results', { limit: '1' })).toEqual(lines);
    const seen = lines.map((line) => JSON.parse(line));
    expect(seen.map(({ line, status, error }) => [line, status, error?.code ?? null])).toEqual([
      [2, 'invalid', 'single_label'],
      [1, 'ok', null],
      [3, 'empty', null],
      [4, 'ok', null],
      [5, 'failed', 'missing_in_answer'],
      [6, 'failed', 'upstream_error'],
    ]);
    const order = [
      'line',
      'input',
      'id',
      'target',
      'status',
      'duplicate_of',
      'position',
      'call',
      'fetched_at',
      'source',
      'data',
      'error',
    ];
    for (const line of seen) expect(Object.keys(line)).toEqual(order);
    expect(seen[3].data).toEqual({ target: 'a.com' });

    const rows = (await ndjsonOf(urlOf(job), 'rows')).map((line) => JSON.parse(line));
    expect(await pagesOf(urlOf(job), 'rows', { limit: '1' })).toEqual(rows.map((line) => JSON.stringify(line)));
    const rowOrder = [
      'line',
      'input',
      'id',
      'target',
      'target_kind',
      'status',
      'duplicate_of',
      'items',
      'total_count',
      'truncated',
      'cost_usd',
      'fetched_at',
      'call',
      'error',
    ];
    for (const line of rows) expect(Object.keys(line)).toEqual(rowOrder);
    expect(rows.reduce((sum, { cost_usd: cost }) => sum + cost, 0)).toBeCloseTo(0.048, 12);
    expect(await ndjsonOf(urlOf(job), 'results', { status: 'failed,empty' })).toHaveLength(3);
  });

  it('takes only its own cursors and forms', async () => {
    const [one, other] = [jobOf(await submit({ targets: ['a', 'b'] })), jobOf(await submit({ targets: ['a', 'b'] }))];
    const { next } = await pageOf(urlOf(one), 'results', { limit: '1' });
    const tampered = Buffer.from(JSON.stringify(['results', one.id, 'calls', 2 ** 52, '1-zzzzzz', null, 0])).toString(
      'base64url',
    );
    const refused = [
      [urlOf(other), 'results', { cursor: next ?? '' }],
      [urlOf(one), 'rows', { cursor: next ?? '' }],
      [urlOf(one), 'results', { cursor: 'abc' }],
      [urlOf(one), 'results', { format: 'ndjson', limit: '1' }],
      [urlOf(one), 'results', { limit: '1001' }],
      [urlOf(one), 'results', { limit: '0' }],
      [urlOf(one), 'results', { status: 'ok,nope' }],
      [urlOf(one), 'results', { endpoint: 'bulk_backlinks' }],
      [urlOf(one), 'rows', { format: 'parquet' }],
    ] as const;
    for (const [url, name, query] of refused) {
      problemOf(await ask(`${url}/${name}?${new URLSearchParams(query)}`), 'invalid_request');
    }
    const worker = await createWorker(service, { tenant: 'local', id: one.id });
    await worker.plan();
    await worker.finish();
    problemOf(await ask(`${urlOf(one)}/results?cursor=${tampered}`), 'invalid_request');
  });

  it('says so when rows were put into another order meanwhile', async () => {
    const job = jobOf(await submit({ targets: ['a.com', 'b.com'] }));
    // As a job has it that has more rows than are put into line order.
    const place = { ...START, phase: 'unplanned' as const, skip: 1 };
    const next = encodeCursor(place, { name: 'rows', jobId: job.id, furtherRuns: 0 });
    expect((await ask(`${urlOf(job)}/rows?cursor=${next}`)).status).toBe(200);
    await (await createWorker(service, { tenant: 'local', id: job.id })).plan(1000);
    problemOf(await ask(`${urlOf(job)}/rows?cursor=${next}`), 'conflict');
  });

  it('is cut, not ended, when storage loses a part of the plan', async () => {
    const own = await starter.start();
    const job = jobOf(await postJson(`${own.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['bad', 'a.com'] }));
    const ref = { tenant: 'local', id: job.id };
    const worker = await createWorker(own, ref);
    await worker.plan();
    await worker.send();
    await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
    await own.services.storage.remove(`jobs/local/${job.id}/plan`);
    const response = await fetch(`${own.url}/v1/jobs/${job.id}/results?format=ndjson`);
    await expect(response.text()).rejects.toThrow();
    expect(own.errors).toHaveBeenCalledOnce();
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
