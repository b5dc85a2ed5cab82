import { expect, test } from 'vitest';
import { serverEvents } from '../../src/service/event-stream.js';
import { createLinkhaulClient, LinkhaulProblem } from '../../src/service/index.js';
import { createTransport } from '../../src/service/transport.js';
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

test('all jobs are followed through a break, from the last event on', async () => {
  const job = sampleJob();
  const { baseUrl, seen } = await serve((request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    if (request.headers['last-event-id'] === undefined) {
      response.end(
        `event: reset\nid: a.0\ndata: {}\n\n: still here\n\nevent: job\nid: a.1\ndata: ${JSON.stringify(job)}\n\n`,
      );
    } else response.write('event: new-kind\nid: a.2\ndata: {}\n\nevent: deleted\nid: a.3\ndata: {"id":"job_1"}\n\n');
  });
  const changes = [];
  for await (const change of createLinkhaulClient({ baseUrl }).followJobs()) {
    changes.push(change);
    if (change.type === 'deleted') break;
  }
  expect(changes).toEqual([{ type: 'reset' }, { type: 'job', job }, { type: 'deleted', id: 'job_1' }]);
  expect(seen.map(({ path, headers }) => [path, headers['last-event-id']])).toEqual([
    ['/v1/jobs/events', undefined],
    ['/v1/jobs/events', 'a.1'],
  ]);
});

test('the caller ends the following, for a reason of their own', async () => {
  const { baseUrl } = await serve((_, response) => {
    response.setHeader('content-type', 'text/event-stream').write('event: reset\nid: a.0\ndata: {}\n\n');
  });
  const ending = new AbortController();
  const following = async () => {
    for await (const _ of createLinkhaulClient({ baseUrl }).followJobs({ signal: ending.signal }))
      ending.abort('enough');
  };
  await expect(following()).rejects.toBe('enough');
});

test('a stream that has gone silent is given up and opened again', async () => {
  const { baseUrl, seen } = await serve((_, response) => {
    response.setHeader('content-type', 'text/event-stream').write('event: reset\nid: a.0\ndata: {}\n\n');
  });
  const names = [];
  for await (const { name } of serverEvents(createTransport({ baseUrl }), ['jobs', 'events'], { silentMs: 20 })) {
    names.push(name);
    if (names.length === 2) break;
  }
  expect(names).toEqual(['reset', 'reset']);
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'a.0']);
});
