import { expect, test } from 'vitest';
import { createLinkhaulClient } from '../../src/service/index.js';
import { json, serve } from './http-server.js';

const key = {
  id: 'key_1',
  name: 'ci',
  scope: 'read',
  hint: 'lh_abcd…',
  created_at: '2026-11-01T10:00:00.000Z',
  last_used_at: null,
} as const;

test('keys are made, listed, rotated and taken away, and the admin says whose', async () => {
  const { baseUrl, seen } = await serve(({ method }, response) => {
    if (method === 'DELETE') return void response.writeHead(204).end();
    json(response, method === 'GET' ? { keys: [key], next_cursor: null } : { ...key, key: 'lh_secret' });
  });
  const client = createLinkhaulClient({ baseUrl, apiKey: 'k' });
  for (const options of [{}, { tenant: 'acme' }]) {
    expect(await client.keys(options)).toEqual([key]);
    expect(await client.createKey({ name: 'ci', scope: 'read' }, options)).toEqual({ ...key, key: 'lh_secret' });
    expect(await client.rotateKey('key_1', options)).toMatchObject({ key: 'lh_secret' });
    await client.revokeKey('key_1', options);
  }
  const paths = ['GET /v1/keys', 'POST /v1/keys', 'POST /v1/keys/key_1/rotate', 'DELETE /v1/keys/key_1'];
  expect(seen.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
    ...paths,
    ...paths.map((path) => `${path}?tenant=acme`),
  ]);
  expect(JSON.parse(String(seen[5]?.body))).toEqual({ name: 'ci', scope: 'read' });
});
