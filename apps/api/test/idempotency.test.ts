import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, jobOf, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

interface Sending {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

const LIST = 'a.com\nb.com\nc.com\n';

function send(key: string, { body = LIST, query = 'endpoint=bulk_backlinks', headers = {} }: Sending = {}) {
  const all = { 'content-type': 'text/plain', 'idempotency-key': key, ...headers };
  return ask(`${service.url}/v1/jobs?${query}`, { method: 'POST', headers: all, body });
}

const replayed = (answer: Answer) => answer.headers.get('idempotency-replayed');
const jobs = async (own = service): Promise<unknown[]> => JSON.parse((await ask(`${own.url}/v1/jobs`)).text).jobs;

describe('an Idempotency-Key', () => {
  it('gives the job as it is now, whatever the encoding and the order of the query', async () => {
    const first = await send('one', { query: 'endpoint=bulk_backlinks&tag=x' });
    const { id } = jobOf(first);
    expect(replayed(first)).toBeNull();
    await ask(`${service.url}/v1/jobs/${id}/pause`, { method: 'POST' });
    const again = await send('one', {
      query: 'wait_ms=1&tag=x&endpoint=bulk_backlinks',
      body: gzipSync(LIST),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(again.status).toBe(202);
    expect(replayed(again)).toBe('true');
    expect(jobOf(again)).toMatchObject({ id, status: 'paused' });
    expect(again.headers.get('location')).toBe(`/v1/jobs/${id}`);
  });

  it.each<[string, Sending]>([
    ['a byte', { body: LIST.replace('c', 'd') }],
    ['a longer body', { body: `${LIST}d.com\n` }],
    ['a shorter body', { body: LIST.slice(0, -1) }],
    ['another query', { query: 'endpoint=bulk_backlinks&tag=other' }],
  ])('refuses %s', async (_, other) => {
    const { id } = jobOf(await send('two'));
    problemOf(await send('two', other), 'idempotency_key_reused');
    expect(jobOf(await send('two')).id).toBe(id);
  });

  it('is free again after a refusal', async () => {
    problemOf(await send('three', { body: '' }), 'invalid_request');
    expect(jobOf(await send('three')).rows.total).toBe(3);
  });

  it.each(['', 'x'.repeat(256), 'caf\u00e9'])('is judged: %j', async (key) => {
    problemOf(await send(key), 'invalid_request');
  });

  it('is its tenant\u2019s own', async () => {
    const own = await starter.start({ LINKHAUL_API_KEYS: 'one:key-a-of-a-tenant,two:key-b-of-a-tenant' });
    const ids = await Promise.all(
      ['a', 'b'].map(async (key) => {
        const headers = {
          authorization: `Bearer key-${key}-of-a-tenant`,
          'content-type': 'text/plain',
          'idempotency-key': 'k',
        };
        const url = `${own.url}/v1/jobs?endpoint=bulk_backlinks`;
        return jobOf(await ask(url, { method: 'POST', headers, body: LIST })).id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('makes one job of fifty equal requests at once', async () => {
    const before = (await jobs()).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('race')));
    const made = answers.filter(({ status }) => status === 202);
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      problemOf(answer, 'idempotency_key_busy');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(new Set(made.map((answer) => jobOf(answer).id)).size).toBe(1);
    expect(made.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect(await jobs()).toHaveLength(before + 1);
  });

  it('is busy while its upload streams, and free when the client goes away', async () => {
    const own = await starter.start();
    const socket = connect(own.port, '127.0.0.1');
    socket.write(
      'POST /v1/jobs?endpoint=bulk_backlinks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n' +
        'Idempotency-Key: half\r\nContent-Length: 9999999\r\n\r\na.com\n',
    );
    const headers = { 'content-type': 'text/plain', 'idempotency-key': 'half' };
    const again = () => ask(`${own.url}/v1/jobs?endpoint=bulk_backlinks`, { method: 'POST', headers, body: LIST });
    await expect.poll(() => own.leftovers()).not.toEqual([]);
    problemOf(await again(), 'idempotency_key_busy');
    socket.destroy();
    await expect.poll(async () => (await again()).status).toBe(202);
    expect(await jobs(own)).toHaveLength(1);
  });

  it('goes with its job', async () => {
    const own = await starter.start();
    const headers = { 'content-type': 'text/plain', 'idempotency-key': 'gone' };
    const again = async () =>
      jobOf(await ask(`${own.url}/v1/jobs?endpoint=bulk_backlinks`, { method: 'POST', headers, body: LIST }));
    const { id } = await again();
    await ask(`${own.url}/v1/jobs/${id}/cancel`, { method: 'POST' });
    const job = { tenant: 'local', id };
    await own.services.jobSteps.finish(job);
    await own.services.store.retire(job);
    expect((await ask(`${own.url}/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await again()).id).not.toBe(id);
  });
});
