import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Graph } from '../src/graph/open.js';
import { call, openSmallGraph, recordOf, recordWith, type Server, startServer } from './support.js';

const TASK = { targets: ['forbes.com'], tag: 'held' };

let graph: Graph;
let server: Server;
beforeAll(async () => {
  graph = await openSmallGraph();
});
afterAll(() => graph.close());
beforeEach(async () => {
  server = await startServer(graph);
  await server.control('PUT', '/settings', { hold: true });
});
afterEach(() => server.stop());

/** Two calls that have come and are held. */
async function heldCalls() {
  const calls = [call(server, 'bulk_backlinks', TASK), call(server, 'bulk_backlinks', TASK)];
  await recordWith(server, ({ requests }) => requests.filter(({ task_id }) => task_id !== null).length === 2);
  // Each look at the record is an answer after which calls that are not held would have been answered.
  await recordOf(server);
  expect((await recordOf(server)).totals.open).toBe(2);
  return calls;
}

test.each([
  ['the hold ends', () => server.control('PUT', '/settings', { hold: false })],
  ['all is reset', () => server.control('POST', '/reset')],
  ['the process stops', async () => server.interrupt()],
])('calls are held until %s', async (_, end) => {
  const calls = await heldCalls();
  await end();
  for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ tasks_error: 0 });
});

test('a call that comes after the hold is answered at once', async () => {
  await server.control('PUT', '/settings', { hold: false });
  expect(await call(server, 'bulk_backlinks', TASK)).toMatchObject({ tasks_error: 0 });
});
