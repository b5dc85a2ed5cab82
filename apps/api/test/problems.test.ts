import { type ProblemMet, problemsPage } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedListJob } from './finished-job.js';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { recordDelivery } from './recorded-delivery.js';
import { createStarter, type Service } from './service.js';

const HOUR_MS = 3_600_000;
const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

async function met(query = '', { url }: Service = service, init?: RequestInit): Promise<ProblemMet[]> {
  const answer = await ask(`${url}/v1/problems${query}`, init);
  expect(answer.status, answer.text).toBe(200);
  return problemsPage.parse(JSON.parse(answer.text)).problems;
}

const idOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const before = (hours: number) => encodeURIComponent(new Date(Date.now() - hours * HOUR_MS).toISOString());

async function submit(): Promise<string> {
  return jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] })).id;
}

it('counts failed calls, pauses, deliveries that were given up and failed look-ups, the last first', async () => {
  expect(await met()).toEqual([]);
  const { jobSteps, workerReports, capacities, deliveries, env } = service.services;
  const failed = [idOf(await finishedListJob(service)), idOf(await finishedListJob(service))];
  const paused = { tenant: 'local', id: await submit() };
  await ask(`${service.url}/v1/jobs/${paused.id}/pause`, { method: 'POST' });
  await ask(`${service.url}/v1/jobs/${paused.id}/resume`, { method: 'POST' });
  for (let time = 0; time < 2; time++) {
    await jobSteps.act(paused, { action: 'pause', by: 'system', reason: 'upstream_funds' });
  }
  const event = await recordDelivery(service, paused, 'https://hooks.example.com');
  const attempt = { at: new Date(0).toISOString(), error: null, duration_ms: 1, answer: null };
  await deliveries.attempted(event, { ...attempt, status: 500, round: 0 }, { state: 'pending', dueAt: 1 });
  for (let time = 0; time < 2; time++) {
    await deliveries.attempted(event, { ...attempt, status: 410, round: 1 }, { state: 'failed' });
  }
  await capacities.announce(env.upstreamHost, 'acme', { maxPerMinute: 1, maxInFlight: 1, leaseMs: 1000 });
  for (const why of ['timeout', 'HTTP 502', 'HTTP 200, 40202 Rate limit', 'HTTP 200, 40202 Once more']) {
    await workerReports.lookUpFailed('acme', why);
  }
  const all = await met();
  const of = { tenant: 'local', detail: null };
  expect(all.map(({ last_at: _, ...rest }) => rest).sort((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
    { kind: 'look_up', code: '40202', count: 2, tenant: null, jobs: [], detail: 'HTTP 200, 40202 Once more' },
    { kind: 'delivery', code: 'http_410', count: 1, ...of, jobs: [paused.id] },
    { kind: 'look_up', code: 'http_502', count: 1, tenant: null, jobs: [], detail: 'HTTP 502' },
    { kind: 'look_up', code: 'no_answer', count: 1, tenant: null, jobs: [], detail: 'timeout' },
    { kind: 'call', code: 'upstream_error', count: 2, ...of, jobs: failed.reverse() },
    { kind: 'pause', code: 'upstream_funds', count: 1, ...of, jobs: [paused.id] },
  ]);
  const times = all.map(({ last_at }) => last_at);
  expect(times).toEqual([...times].sort().reverse());

  const paged: ProblemMet[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { text } = await ask(`${service.url}/v1/problems?limit=2${cursor && `&cursor=${cursor}`}`);
    const page = problemsPage.parse(JSON.parse(text));
    paged.push(...page.problems);
    cursor = page.next_cursor;
  }
  expect(paged).toEqual(all);
});

it('adds up the hours since a time, of a week at most', async () => {
  const own = await starter.start();
  const hour = Math.floor(Date.now() / HOUR_MS);
  const note = (ago: number, count: number, jobs: string) =>
    own.redis.hset(own.keys.problems('local', hour - ago), {
      'call:unconfirmed:count': count,
      'call:unconfirmed:at': (hour - ago) * HOUR_MS,
      'call:unconfirmed:jobs': jobs,
    });
  await own.redis.sadd(own.keys.tenants, 'local');
  await note(1, 1, 'job_5,job_4');
  await note(30, 10, 'job_4,job_3,job_2,job_1');
  await note(160, 100, 'job_0');
  const counted = async (query: string) => (await met(query, own)).map(({ count, jobs }) => [count, jobs]);
  expect(await counted('')).toEqual([[1, ['job_5', 'job_4']]]);
  expect(await counted(`?since=${before(31)}`)).toEqual([[11, ['job_5', 'job_4', 'job_3', 'job_2', 'job_1']]]);
  expect(await counted(`?since=${before(7 * 24)}`)).toEqual([[111, ['job_5', 'job_4', 'job_3', 'job_2', 'job_1']]]);
  for (const since of [before(7 * 24 + 2), before(-2), 'yesterday']) {
    problemOf(await ask(`${own.url}/v1/problems?since=${since}`), 'invalid_request');
  }
  problemOf(await ask(`${own.url}/v1/problems?cursor=x`), 'invalid_request');
});

it('names the jobs that met it, the one that met it last first', async () => {
  const own = await starter.start();
  const submitted = [];
  for (const target of ['a.com', 'b.com']) {
    submitted.push(jobOf(await postJson(`${own.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: [target] })).id);
  }
  const [first = '', second = ''] = submitted;
  for (const id of [first, second, first]) {
    const job = { tenant: 'local', id };
    await own.services.jobSteps.act(job, { action: 'pause', by: 'system', reason: 'upstream_funds' });
    await own.services.jobSteps.act(job, { action: 'resume', by: 'system' });
  }
  expect((await met('', own)).map(({ count, jobs }) => [count, jobs])).toEqual([[3, [first, second]]]);
});

it('shows a tenant its own, and the admin those of all', async () => {
  const own = await starter.start({
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
    LINKHAUL_ADMIN_KEY: 'key-admin-of-all',
  });
  const hour = Math.floor(Date.now() / HOUR_MS);
  for (const tenant of ['alpha', 'beta']) {
    await own.redis.sadd(own.keys.tenants, tenant);
    const fields = { 'pause:budget:count': 1, 'pause:budget:at': hour * HOUR_MS, 'pause:budget:jobs': `job_${tenant}` };
    await own.redis.hset(own.keys.problems(tenant, hour), fields);
  }
  const seen = async (key: string) => {
    const found = await met('', own, { headers: { authorization: `Bearer ${key}` } });
    return found.map(({ tenant }) => tenant).sort();
  };
  expect(await seen('key-a-of-a-tenant')).toEqual(['alpha']);
  expect(await seen('key-b-of-a-tenant')).toEqual(['beta']);
  expect(await seen('key-admin-of-all')).toEqual(['alpha', 'beta']);
});
