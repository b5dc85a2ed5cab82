import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import type * as browser from '../../src/service/browser.js';
import * as node from '../../src/service/index.js';
import { collect, json, serve } from './http-server.js';
import { finishedJob, sampleJob } from './samples.js';

/** What a page's script finds, as far as the client needs it. */
const WEB = {
  AbortController,
  AbortSignal,
  Blob,
  CompressionStream,
  DOMException,
  Error,
  Headers,
  ReadableStream,
  Response,
  TextDecoder,
  TextEncoder,
  TypeError,
  URL,
  URLSearchParams,
  Uint8Array,
  clearTimeout,
  fetch,
  performance,
  setTimeout,
};

/** The client as a bundler makes it for a browser, run where nothing of Node is. */
async function loadBundle(): Promise<typeof browser> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../../src/service/browser.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['source', 'import', 'default'] },
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'bundle' });
  expect(output.map((file) => (file.type === 'chunk' ? file.imports : file.fileName))).toEqual([[]]);
  return runInContext(`${output[0].code}; bundle`, createContext(WEB));
}

test('a bundle for browsers needs nothing of Node, and reads, follows and submits', async () => {
  const { createLinkhaulClient, ...others } = await loadBundle();
  const { WebhookRejected: _, verifyWebhook: __, createLinkhaulClient: ___, ...rest } = node;
  expect(Object.keys(others).sort()).toEqual(Object.keys(rest).sort());
  const event = (name: string, data: unknown) => `event: ${name}\nid: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  const { baseUrl, seen } = await serve(({ path, method }, response) => {
    if (method === 'POST') return json(response, sampleJob(), 202);
    if (path.endsWith('/events'))
      return response.setHeader('content-type', 'text/event-stream').end(event('job', finishedJob));
    json(response, { jobs: [sampleJob()], next_cursor: null });
  });
  const client = createLinkhaulClient({ baseUrl });
  expect((await client.jobs()).jobs).toEqual([sampleJob()]);
  expect(await collect(client.states('job_1'))).toEqual([finishedJob]);
  await client.submitText({ endpoint: 'bulk_backlinks' }, new Blob(['a.com\n']));
  await client.submitText({ endpoint: 'bulk_backlinks' }, 'b.com\n', { gzip: true });
  expect(seen.at(-2)).toMatchObject({ headers: { 'content-length': '6' }, body: Buffer.from('a.com\n') });
  expect(gunzipSync(seen.at(-1)?.body ?? '').toString()).toBe('b.com\n');
});
