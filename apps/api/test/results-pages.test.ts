import { START } from '@linkhaul/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../src/results/cursor.js';
import { ask, jobOf, ndjsonOf, pageOf, pagesOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const submit = (body: object) => postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', ...body });
const urlOf = ({ id }: { id: string }) => `${service.url}/v1/jobs/${id}`;

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
