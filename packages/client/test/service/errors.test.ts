import { once } from 'node:events';
import { createServer } from 'node:net';
import { PROBLEMS, problemType } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import {
  createLinkhaulClient,
  LinkhaulProblem,
  LinkhaulUnexpectedAnswer,
  LinkhaulUnreachable,
} from '../../src/service/index.js';
import { asAsked, collect, json, serve } from './http-server.js';
import { sampleRow } from './samples.js';

const notFound = { type: problemType('not_found'), title: 'Not found', status: 404, detail: 'No such job.' };

test('a problem keeps its status, its code and what to do', async () => {
  const { baseUrl } = await serve((_, response) => json(response, notFound, 404));
  const error = await createLinkhaulClient({ baseUrl })
    .job('job_x')
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LinkhaulProblem);
  expect(error).toMatchObject({ status: 404, code: 'not_found', retryable: false, problem: notFound });
  expect(String(error)).toContain('No such job.');
});

test('503 is worth trying again', async () => {
  const problem = { type: problemType('unavailable'), title: 'Not able', status: 503, detail: 'Redis is away.' };
  const { baseUrl } = await serve((_, response) => json(response, problem, 503));
  await expect(createLinkhaulClient({ baseUrl }).jobs()).rejects.toMatchObject({ retryable: true });
});

test('a key that another request holds is worth trying again, one that stands for another is not', async () => {
  const answers = ['idempotency_key_busy', 'idempotency_key_reused'] as const;
  for (const code of answers) {
    const { status } = PROBLEMS[code];
    const problem = { type: problemType(code), title: 'Key', status, detail: 'Said.' };
    const { baseUrl } = await serve((_, response) => json(response, problem, status));
    const refused = createLinkhaulClient({ baseUrl }).submit({ endpoint: 'bulk_backlinks' }, ['a.com']);
    await expect(refused).rejects.toMatchObject({ code, retryable: code === 'idempotency_key_busy' });
  }
});

test('nobody there is unreachable, with the cause', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  server.close();
  await once(server, 'close');
  const refused = createLinkhaulClient({ baseUrl: `http://127.0.0.1:${port}` }).job('job_1');
  await expect(refused).rejects.toThrow(LinkhaulUnreachable);
  await expect(refused).rejects.toThrow(/^No answer from http:.*ECONNREFUSED/);
});

test('a connection that is closed before it answers: what only reads is sent once more, a submission is not', async () => {
  const { baseUrl, seen } = await serve((_, response) => {
    if (seen.length % 2 === 1) response.destroy();
    else json(response, { jobs: [], next_cursor: null });
  });
  const client = createLinkhaulClient({ baseUrl });
  await expect(client.jobs()).resolves.toEqual({ jobs: [], next_cursor: null });
  expect(seen).toHaveLength(2);
  await expect(client.submit({ endpoint: 'bulk_backlinks' }, ['a.com'])).rejects.toThrow(LinkhaulUnreachable);
  expect(seen).toHaveLength(3);
});

test('a download that is cut is unreachable, not short', async () => {
  const { baseUrl } = await serve((request, response) => {
    asAsked(request, response).write(`${JSON.stringify(sampleRow(1))}\n`, () => response.destroy());
  });
  const rows = collect(createLinkhaulClient({ baseUrl }).rows('job_1'));
  await expect(rows).rejects.toThrow(LinkhaulUnreachable);
});

test.each([
  ['another form', 200, '{"hello":1}'],
  ['no JSON', 200, '<html>'],
  ['a refusal that is no problem', 502, '<html>'],
])('%s is an unexpected answer', async (_, status, body) => {
  const { baseUrl } = await serve((_request, response) => response.writeHead(status).end(body));
  const asked = createLinkhaulClient({ baseUrl }).job('job_1');
  await expect(asked).rejects.toThrow(LinkhaulUnexpectedAnswer);
  await expect(asked).rejects.toMatchObject({ status });
});

test('the caller may bring a fetch and a signal', async () => {
  const asked: string[] = [];
  const client = createLinkhaulClient({
    baseUrl: 'http://linkhaul.example',
    fetch: async (url, init) => {
      asked.push(String(url));
      init?.signal?.throwIfAborted();
      return Response.json(notFound, { status: 404 });
    },
  });
  await expect(client.job('a/b')).rejects.toThrow(LinkhaulProblem);
  expect(asked).toEqual(['http://linkhaul.example/v1/jobs/a%2Fb']);
  await expect(client.job('x', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});
