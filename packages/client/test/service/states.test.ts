import { expect, test } from 'vitest';
import { createLinkhaulClient, LinkhaulProblem } from '../../src/service/index.js';
import { collect, json, serve } from './http-server.js';
import { finishedJob, sampleJob } from './samples.js';

const stateOf = (id: string, job: unknown) => `event: job\nid: ${id}\ndata: ${JSON.stringify(job)}\n\n`;

test('the states of a job come as they are sent, and a stream that breaks off is taken up where it ended', async () => {
  const half = sampleJob({ progress: 0.5 });
  const bytes = Buffer.from(`retry: 1\n\n: still here\n\n${stateOf('one', sampleJob())}${stateOf('two', half)}`);
  const { baseUrl, seen } = await serve((request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    if (request.headers['last-event-id'] === 'two') {
      response.end(stateOf('three', finishedJob));
      return;
    }
    for (let at = 0; at < bytes.length; at += 11) response.write(bytes.subarray(at, at + 11));
    response.end('event: job\nid: broken\ndata: {"id"');
  });
  expect(await collect(createLinkhaulClient({ baseUrl }).states('job_1'))).toEqual([sampleJob(), half, finishedJob]);
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'two']);
});

test('a job that has nothing more to say is the end, and a refusal is one', async () => {
  const { baseUrl } = await serve(({ url }, response) => {
    if (url.pathname.includes('job_done')) response.writeHead(204).end();
    else json(response, { type: 'urn:linkhaul:problem:not_found', title: 'x', status: 404, detail: 'y' }, 404);
  });
  const client = createLinkhaulClient({ baseUrl });
  expect(await collect(client.states('job_done'))).toEqual([]);
  await expect(collect(client.states('job_none'))).rejects.toThrow(LinkhaulProblem);
});
