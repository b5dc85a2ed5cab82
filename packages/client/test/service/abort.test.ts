import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { PROBLEMS, problemType } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { createLinkhaulClient, type LinkhaulClient } from '../../src/service/index.js';
import { asAsked, collect, json, serve } from './http-server.js';
import { sampleJob, sampleRow } from './samples.js';

const mine = new Error('mine');

/** Each method is in the middle of an answer or a request when its signal aborts. */
const asking: Readonly<Record<string, (client: LinkhaulClient, signal: AbortSignal) => Promise<unknown>>> = {
  job: (client, signal) => client.job('job_1', { signal }),
  rows: (client, signal) => collect(client.rows('job_1', { signal })),
  states: (client, signal) => collect(client.states('job_1', { signal })),
  download: async (client, signal) => text(await client.downloadRows('job_1', { format: 'csv', signal })),
  waitFor: (client, signal) => client.waitFor('job_1', { signal }),
  submitText: (client, signal) => client.submitText({ endpoint: 'bulk_backlinks' }, untilAborted(signal), { signal }),
};

async function* untilAborted(signal: AbortSignal) {
  yield 'a.com\n'.repeat(100_000);
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('of the source');
}

test.each(Object.keys(asking))('%s ends with the reason of the signal', async (name) => {
  const stop = new AbortController();
  const { baseUrl } = await serve((request, response) => {
    if (request.url.pathname.endsWith('/events')) response.setHeader('content-type', 'text/event-stream');
    else asAsked(request, response);
    response.write(request.url.pathname.endsWith('/rows') ? `${JSON.stringify(sampleRow(1))}\n` : ' \n');
    setImmediate(() => stop.abort(mine));
  });
  if (name === 'submitText') setImmediate(() => stop.abort(mine));
  await expect(asking[name]?.(createLinkhaulClient({ baseUrl }), stop.signal)).rejects.toBe(mine);
});

test('a loop that has begun, and a file that has, end with the reason of the signal', async () => {
  const { baseUrl } = await serve((request, response) => {
    asAsked(request, response).write(`${JSON.stringify(sampleRow(1))}\n`);
  });
  const client = createLinkhaulClient({ baseUrl });
  for (const begin of [
    (signal: AbortSignal) => client.rows('job_1', { signal }),
    (signal: AbortSignal) => client.downloadRows('job_1', { format: 'csv', signal }),
  ]) {
    const stop = new AbortController();
    const reading = async () => {
      for await (const _ of await begin(stop.signal)) stop.abort(mine);
    };
    await expect(reading()).rejects.toBe(mine);
  }
});

test('a time limit ends a loop with its own error', async () => {
  const { baseUrl } = await serve((request, response) => {
    asAsked(request, response).write(`${JSON.stringify(sampleRow(1))}\n`);
  });
  const signal = AbortSignal.timeout(200);
  const rows = collect(createLinkhaulClient({ baseUrl }).rows('job_1', { signal }));
  await expect(rows).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('waitFor ends with the reason of the signal between two rounds, and while the service is away', async () => {
  const code = 'unavailable';
  const problem = { type: problemType(code), title: 'Away', status: PROBLEMS[code].status, detail: 'Come back.' };
  const { baseUrl } = await serve(({ url }, response) =>
    url.pathname.includes('away') ? json(response, problem, problem.status) : json(response, sampleJob()),
  );
  const client = createLinkhaulClient({ baseUrl });
  for (const id of ['job_1', 'job_away']) {
    const stop = new AbortController();
    const end = () => setImmediate(() => stop.abort(mine));
    const waiting = client.waitFor(id, { signal: stop.signal, onProgress: end, onOutage: end });
    await expect(waiting).rejects.toBe(mine);
  }
});
