import { once } from 'node:events';
import { get } from 'node:http';
import { z } from 'zod';
import { table } from '../figures.js';
import { type Api, withApi } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';

const OPERATORS = 'of-the-operator-of-this-bench';
const ROUNDS = 3;
const WITHIN_MS = 30_000;

const made = z.object({ id: z.string(), key: z.string() });
const job = z.object({ id: z.string() });

/** Measures how long live progress and a long poll go on after their key was revoked. */
export async function benchKeys(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['request', 'ended after', 'most'];
  const rows = await withApi({ env, say, settings: { LINKHAUL_API_KEYS: `bench:${OPERATORS}` } }, async (api) => {
    const { id } = job.parse(await ask(api, 'POST /v1/jobs', { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
    const paths = { 'live progress': `/v1/jobs/${id}/events`, 'wait_ms=50000': `/v1/jobs/${id}?wait_ms=50000` };
    const rows: string[][] = [];
    for (const [name, path] of Object.entries(paths)) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await lastingAfterEnd(api, path));
      rows.push([
        name,
        `${times.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`,
        `${(Math.max(...times) / 1000).toFixed(1)} s`,
      ]);
    }
    return rows;
  });
  for (const line of table([heading, ...rows])) say(line);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function lastingAfterEnd(api: Api, path: string): Promise<number> {
  const { id, key } = made.parse(await ask(api, 'POST /v1/keys', { name: 'bench', scope: 'read' }));
  const headers = { authorization: `Bearer ${key}` };
  const asked = get(`${api.url}${path}`, { headers, agent: false }, (answer) => void answer.resume());
  asked.on('error', () => undefined);
  const ended = once(asked, 'close', { signal: AbortSignal.timeout(WITHIN_MS) });
  await once(asked, 'finish');
  // `last_used_at` is set once the key was looked up.
  const isUsed = async () => JSON.stringify(await ask(api, 'GET /v1/keys')).includes('"last_used_at":"');
  while (!(await isUsed()));
  await ask(api, `DELETE /v1/keys/${id}`);
  const from = performance.now();
  await ended;
  return performance.now() - from;
}

async function ask({ url }: Api, call: string, body?: unknown): Promise<unknown> {
  const [method = '', path = ''] = call.split(' ');
  const headers = { authorization: `Bearer ${OPERATORS}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${call}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}
