import { readEnv } from '@linkhaul/runtime';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { credentialsOf } from '../src/credentials.js';
import { backlinksEnv } from '../src/env.js';
import type { Graph } from '../src/graph/open.js';
import { openSmallGraph, startServer } from './support.js';

const LIVE = '/backlinks/bulk_backlinks/live';
const FACES = { basic: `/v3${LIVE}`, bearer: `/apis/v1/dataforseo${LIVE}` };

let graph: Graph;
beforeAll(async () => {
  graph = await openSmallGraph();
});
afterAll(() => graph.close());

/** What a process with these settings answers to a login and password, and to a token. */
async function statusesOf(settings: Record<string, string>) {
  const result = readEnv(backlinksEnv, settings);
  if (!result.ok) throw new Error(result.problems.join('; '));
  const server = await startServer(graph, { credentials: credentialsOf(result.env) });
  onTestFinished(() => server.stop());
  const statusOf = async (path: string, authorization: string) => {
    const answer = await server.post(path, [{ targets: ['forbes.com'] }], { headers: { authorization } });
    return answer.status;
  };
  return {
    basic: (text: string) => statusOf(FACES.basic, `Basic ${btoa(text)}`),
    bearer: (token: string) => statusOf(FACES.bearer, `Bearer ${token}`),
  };
}

test('what everybody knows lets in where nothing is set', async () => {
  const { basic, bearer } = await statusesOf({});
  expect([await basic('local:local'), await bearer('local')]).toEqual([200, 200]);
});

test('the known token lets nobody in once there is a password', async () => {
  const { basic, bearer } = await statusesOf({ BACKLINKS_PASSWORD: 'of-my-own' });
  expect([await basic('local:of-my-own'), await basic('local:local')]).toEqual([200, 401]);
  for (const token of ['local', 'of-my-own', 'null', '']) expect(await bearer(token), token).toBe(401);
});

test('a token of its own lets in beside the password, the known one does not', async () => {
  const { basic, bearer } = await statusesOf({ BACKLINKS_PASSWORD: 'of-my-own', BACKLINKS_TOKEN: 'a-token' });
  expect([await basic('local:of-my-own'), await bearer('a-token'), await bearer('local')]).toEqual([200, 200, 401]);
});
