import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { createLinkhaulClient } from '../../src/service/index.js';
import { asAsked, collect, json, serve } from './http-server.js';
import { finishedJob, sampleJob, sampleResult, sampleRow } from './samples.js';

test('results are parsed line by line, whatever the chunks', async () => {
  const lines = [1, 2, 3].map((line) => sampleResult(line, line === 2 ? 'https://bücher.de/ü' : undefined));
  const bytes = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  const { baseUrl, seen } = await serve((request, response) => {
    asAsked(request, response);
    for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
    response.end();
  });
  const results = await collect(createLinkhaulClient({ baseUrl }).results('job_1', { status: ['ok', 'failed'] }));
  expect(results).toEqual(lines);
  expect(String(seen[0]?.url)).toContain('/v1/jobs/job_1/results?status=ok%2Cfailed&format=ndjson');
});

test('the first result is there while the rest is not yet sent, and leaving the loop hangs up', async () => {
  const hangUp = new EventEmitter();
  const closed = once(hangUp, 'close');
  const { baseUrl } = await serve((request, response) => {
    asAsked(request, response).once('close', () => hangUp.emit('close'));
    response.write(`${JSON.stringify(sampleRow(1))}\n`);
  });
  for await (const row of createLinkhaulClient({ baseUrl }).rows('job_1')) {
    expect(row).toEqual(sampleRow(1));
    break;
  }
  await closed;
});

test('waitFor asks round after round and ends with the finished job', async () => {
  const answers = [sampleJob(), sampleJob({ progress: 0.5 }), finishedJob];
  const { baseUrl, seen } = await serve((_, response) => json(response, answers.shift()));
  const progress: number[] = [];
  const job = await createLinkhaulClient({ baseUrl }).waitFor('job_1', {
    roundMs: 20,
    onProgress: (at) => progress.push(at.progress),
  });
  expect(job).toEqual(finishedJob);
  expect(progress).toEqual([0, 0.5, 1]);
  expect(seen[0]?.url.searchParams.get('wait_ms')).toBe('20');
});

test('waitFor can end at a pause, and by its signal', async () => {
  const paused = sampleJob({ status: 'paused', reason: 'upstream_funds' });
  const { baseUrl } = await serve((_, response) => json(response, paused));
  const client = createLinkhaulClient({ baseUrl });
  expect((await client.waitFor('job_1', { untilPaused: true })).reason).toBe('upstream_funds');
  const stop = new AbortController();
  const waiting = client.waitFor('job_1', { roundMs: 20, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('lists, pages, tags and actions ask what the contract says', async () => {
  const page = { jobs: [finishedJob], next_cursor: 'c2' };
  const tagPage = { tag: 'a/b', latest: finishedJob, ...page };
  const results = { results: [sampleResult(1)], next_cursor: null, done: true };
  const { baseUrl, seen } = await serve((request, response) => {
    const path = request.url.pathname;
    if (request.method === 'POST') return json(response, finishedJob);
    if (path === '/v1/jobs') return json(response, page);
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (path === '/v1/tags') return json(response, { tags: ['a'], next_cursor: null });
    if (path === '/v1/webhooks/secret') return json(response, { secret: 'whsec_AAAA' });
    if (path === '/v1/tags/a%2Fb') return json(response, tagPage);
    if (path.startsWith('/v1/tags')) {
      return void asAsked(request, response)
        .setHeader('x-linkhaul-job', 'job_1')
        .end(JSON.stringify(sampleResult(1)));
    }
    json(response, results);
  });
  const client = createLinkhaulClient({ baseUrl });
  expect(await client.jobs({ status: 'completed', metadata: { team: 'x' }, limit: 10 })).toEqual(page);
  expect(seen.at(-1)?.url.search).toBe('?status=completed&metadata%5Bteam%5D=x&limit=10');
  expect(await client.resultsPage('job_1', { cursor: 'c', limit: 5 })).toEqual(results);
  expect(await client.tag('a/b', { endpoint: 'bulk_backlinks' })).toEqual(tagPage);
  const ofTag = await client.tagResults('a/b', { minOk: 0.9 });
  expect(ofTag.job).toBe('job_1');
  expect(await collect(ofTag.results)).toEqual([sampleResult(1)]);
  expect(seen.at(-1)?.url.search).toBe('?min_ok=0.9&format=ndjson');
  expect(await client.webhookSecret()).toBe('whsec_AAAA');
  for (const action of ['cancel', 'pause', 'resume'] as const) {
    await client[action]('job_1');
    expect(seen.at(-1)?.url.pathname).toBe(`/v1/jobs/job_1/${action}`);
  }
  await client.retry('job_1', { codes: ['upstream_error'], retryableOnly: false, maxCostUsd: 2 });
  expect(seen.at(-1)?.url.pathname).toBe('/v1/jobs/job_1/retry');
  expect(JSON.parse(String(seen.at(-1)?.body))).toEqual({
    codes: ['upstream_error'],
    retryable_only: false,
    max_cost_usd: 2,
  });
  expect(await client.remove('job_1')).toBeUndefined();
  expect(`${seen.at(-1)?.method} ${seen.at(-1)?.url.pathname}`).toBe('DELETE /v1/jobs/job_1');
  expect(await client.tags({ limit: 2, cursor: 'c' })).toEqual({ tags: ['a'], next_cursor: null });
  expect(String(seen.at(-1)?.url)).toContain('/v1/tags?limit=2&cursor=c');
});
