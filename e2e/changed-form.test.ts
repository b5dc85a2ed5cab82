import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, domains, nanos } from './harness.js';
import type { AnswerCall } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';

const IN_FLIGHT = 5;
const WORKERS = 2;
const PLACES = 8;
const ROWS = 300;
const UNREADABLE = 3;
/** What may be bought of answers that nobody can read: three, and what the workers have in their hands at the third. */
const MOST_BOUGHT = UNREADABLE + WORKERS * PLACES;

let world: OtherWorld;
/** Whether the upstream gives an answer another form. */
let changed: (asked: { endpoint: string; target: string }) => boolean = () => false;

beforeAll(async () => {
  const answer: AnswerCall = (endpoint, { target = '' }) => {
    const list = [{ domain: 'example.com' }, { domain: 'example.org' }];
    const isChanged = changed({ endpoint, target });
    const result = { total_count: 2, items_count: 2, ...(isChanged ? { rows: list } : { items: list }) };
    return { result, items: 2 };
  };
  const env = {
    UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT),
    WORKER_CONCURRENCY: String(PLACES),
    UPSTREAM_MAX_PER_MINUTE: '60000',
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant,gamma:key-c-of-a-tenant',
  };
  world = await startOtherWorld(answer, { workers: WORKERS, env });
});

const as = (apiKey: string) => createLinkhaulClient({ baseUrl: world.stack.apiUrl, apiKey });

afterAll(() => world.stop());

/** The job as it stands still, with nothing in flight. */
async function standing(client: LinkhaulClient, id: string): Promise<Job> {
  await client.waitFor(id, { untilPaused: true, roundMs: 200 });
  await expect.poll(async () => (await client.job(id)).calls.in_flight).toBe(0);
  return client.job(id);
}

const sentFor = (id: string) => world.tasksOf(id).length;

it('a list whose endpoint changes its form midway pays for three answers and what is in flight, and goes on when it is back', async () => {
  const state = { from: 40, to: Number.POSITIVE_INFINITY };
  let listCalls = 0;
  changed = ({ endpoint }) => {
    if (endpoint !== 'referring_domains') return false;
    listCalls++;
    return listCalls > state.from && listCalls <= state.to;
  };
  const client = as('key-a-of-a-tenant');
  const { id } = await client.submit({ endpoint: 'referring_domains' }, domains(ROWS));
  const other = await client.submit({ endpoint: 'domain_pages' }, domains(60));

  const paused = await standing(client, id);
  expect(paused).toMatchObject({ status: 'paused', reason: 'upstream_changed' });
  const bought = listCalls - state.from;
  expect(bought).toBeGreaterThanOrEqual(UNREADABLE);
  expect(bought).toBeLessThanOrEqual(MOST_BOUGHT);
  expect(paused.rows).toMatchObject({ ok: state.from, failed: bought, pending: ROWS - state.from - bought });
  expect(paused.history.at(-1)).toMatchObject({ by: 'system', action: 'pause', reason: 'upstream_changed' });
  // Other endpoints go on.
  expect(await client.waitFor(other.id)).toMatchObject({ outcome: 'complete', rows: { ok: 60 } });

  // Let go too early, it costs one call.
  await client.resume(id);
  const again = await standing(client, id);
  expect(again).toMatchObject({ status: 'paused', reason: 'upstream_changed', rows: { failed: bought + 1 } });

  state.to = listCalls;
  await client.resume(id);
  const job = await client.waitFor(id);
  expect(job).toMatchObject({
    outcome: 'partial',
    rows: { ok: ROWS - bought - 1, failed: bought + 1, pending: 0 },
    calls: { attempts: ROWS, unknown: 0 },
  });
  const spent = [job, await client.job(other.id)].reduce((sum, { cost }) => sum + nanos(cost.spent_usd), 0);
  expect(spent).toBe(world.upstream.chargedNanos());
  const failed = await collect(client.rows(id, { status: ['failed'] }));
  expect(new Set(failed.map(({ error }) => error?.code))).toEqual(new Set(['answer_unreadable']));
  expect(sentFor(id)).toBe(ROWS);
});

it("one tenant's odd targets pause that tenant only; met by a second one, everybody's jobs of the endpoint pause", async () => {
  changed = ({ target }) => target.startsWith('odd-');
  const odd = (count: number) => domains(count).map((domain) => `odd-${domain}`);
  const [alpha, beta, gamma] = [as('key-a-of-a-tenant'), as('key-b-of-a-tenant'), as('key-c-of-a-tenant')];
  const fields = { endpoint: 'referring_domains' } as const;
  const first = await alpha.submit(fields, odd(50));
  expect(await standing(alpha, first.id)).toMatchObject({ reason: 'upstream_changed' });
  const good = await gamma.submit(fields, domains(50));
  expect(await gamma.waitFor(good.id)).toMatchObject({ outcome: 'complete' });

  const waiting = await gamma.submit(fields, domains(4000));
  const second = await beta.submit(fields, odd(50));
  expect(await standing(beta, second.id)).toMatchObject({ reason: 'upstream_changed' });
  expect(await standing(gamma, waiting.id)).toMatchObject({ status: 'paused', reason: 'upstream_changed' });
  for (const id of [first.id, second.id]) expect(sentFor(id)).toBeLessThanOrEqual(MOST_BOUGHT);

  const before = sentFor(waiting.id);
  await gamma.resume(waiting.id);
  await expect.poll(() => sentFor(waiting.id)).toBeGreaterThan(before + 100);
  expect(await alpha.job(first.id)).toMatchObject({ status: 'paused', reason: 'upstream_changed' });
  await gamma.cancel(waiting.id);
});
