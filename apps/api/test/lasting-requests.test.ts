import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { type KeyScope, shownApiKey } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { ask, jobOf, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

// They look like keys that were made here, and are not.
const OPERATORS = 'lh_of-the-operator';
const ADMINS = 'lh_of-the-admins-own';
const starter = createStarter();
let here: Service;
/** Another process of the same service. */
let there: Service;
let small: string;
let large: string;

beforeAll(async () => {
  const settings = {
    LINKHAUL_API_KEYS: `alpha:${OPERATORS}`,
    LINKHAUL_ADMIN_KEY: ADMINS,
    REDIS_PREFIX: `test-lasting-${process.pid}`,
  };
  here = await starter.start(settings);
  there = await starter.start({ ...settings, STORAGE_URL: here.storageUrl });
  [small, large] = [await submit(1), await submit(100_000)];
});
afterAll(starter.closeAll);

const as = (key: string, method = 'GET', body?: unknown): RequestInit => ({
  method,
  headers: {
    authorization: `Bearer ${key}`,
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
  },
  ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
});

const makeKey = async (scope: KeyScope) =>
  shownApiKey.parse(JSON.parse((await ask(`${here.url}/v1/keys`, as(OPERATORS, 'POST', { name: 'ci', scope }))).text));

const ENDS = {
  revoked: (id: string) => ask(`${here.url}/v1/keys/${id}`, as(OPERATORS, 'DELETE')),
  rotated: (id: string) => ask(`${here.url}/v1/keys/${id}/rotate`, as(OPERATORS, 'POST')),
};

async function submit(rows: number): Promise<string> {
  const list = Array.from({ length: rows }, (_, at) => `example-${at}.com`).join('\n');
  const answer = await ask(`${here.url}/v1/jobs?endpoint=bulk_backlinks`, as(OPERATORS, 'POST', list));
  return `/v1/jobs/${jobOf(answer).id}`;
}

/** A request to the other process whose answer has begun. */
async function begun(path: string, key: string): Promise<IncomingMessage> {
  const sent = get(`${there.url}${path}`, { headers: { authorization: `Bearer ${key}` }, agent: false });
  onTestFinished(() => void sent.destroy());
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  if (answer === undefined) throw new Error('there is an answer');
  answer.on('error', () => undefined);
  return answer;
}

const LIST = Array.from({ length: 50_000 }, (_, at) => `example-${at}.com\n`).join('');

/** A list on its way to the other process that has not ended yet. */
function uploading(path: string, key: string): ClientRequest {
  const sent = request(`${there.url}${path}?endpoint=bulk_backlinks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
  });
  onTestFinished(() => void sent.destroy());
  sent.on('error', () => undefined);
  sent.write(LIST);
  return sent;
}

const closing = (one: IncomingMessage | ClientRequest) => new Promise((resolve) => one.once('close', resolve));

it.each(['revoked', 'rotated'] as const)(
  'a key that is %s at one process ends its streams and downloads at another',
  async (how) => {
    const { key, id } = await makeKey('read');
    const other = await makeKey('read');
    const stream = (await begun(`${small}/events`, key)).resume();
    const staying = [await begun(`${small}/events`, other.key), await begun(`${small}/events`, OPERATORS)];
    // Not read, so that it is under way for as long as may be.
    const download = await begun(`${large}/rows?format=ndjson`, key);
    const estimate = uploading('/v1/estimates', ADMINS);
    const estimated = once(estimate, 'response');
    const closed = [closing(stream), closing(download)];
    await ENDS[how](id);
    await Promise.race([closed[0], closing(download)]);
    download.resume();
    await Promise.all(closed);
    expect(download.complete).toBe(false);
    expect(staying.map((answer) => answer.closed)).toEqual([false, false]);
    estimate.end();
    const [answer] = await estimated;
    expect(answer.resume().statusCode).toBe(200);
  },
);

it('a revoked key ends its long polls with an answer', async () => {
  const { key, id } = await makeKey('read');
  const watches = vi.spyOn(there.services.changes, 'watch');
  const polled = ask(`${there.url}${small}?wait_ms=50000`, as(key));
  await expect.poll(() => watches.mock.calls.length).toBe(1);
  await ENDS.revoked(id);
  expect(problemOf(await polled, 'unauthorized').detail).toContain('revoked');
});

it('a revoked key ends its uploads, and nothing of them becomes a job', async () => {
  const { key, id } = await makeKey('submit');
  const before = await there.leftovers();
  const sent = uploading('/v1/jobs', key);
  const closed = closing(sent);
  await expect.poll(() => there.redis.zcard(there.keys.uploads)).toBe(1);
  await ENDS.revoked(id);
  await closed;
  await expect.poll(() => there.redis.zcard(there.keys.uploads)).toBe(0);
  const jobs = JSON.parse((await ask(`${there.url}/v1/jobs?limit=1000`, as(OPERATORS))).text).jobs;
  expect(jobs.filter((job: { rows: { total: number } }) => job.rows.total === 50_000)).toEqual([]);
  expect((await there.leftovers()).length).toBeLessThanOrEqual(before.length);
});
