import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointName } from '@linkhaul/schemas';
import { builtApp, type RunningProcess, type Stack, startProcess, startStack } from '@linkhaul/stack';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environment } from './env.js';
import { collect, domains, graphOf, nanos, newPrefix, SCALED, witnessAt } from './harness.js';

const TOKEN = 'the-right-key';
const LIVE = /^\/apis\/v1\/dataforseo\/backlinks\/\w+\/live$/;

let dataDir: string;
let backlinks: RunningProcess;
let witness: ReturnType<typeof witnessAt>;
let running: { readonly stack: Stack; readonly settings: string } | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const env = { ...SCALED, PORT: '0', BACKLINKS_DATA: await graphOf(SCALED), BACKLINKS_TOKEN: TOKEN };
  backlinks = await startProcess({ name: 'backlinks', entry: builtApp('backlinks'), env });
  witness = witnessAt(`http://127.0.0.1:${backlinks.port}`);
});
afterAll(async () => {
  await running?.stack.stop();
  await backlinks.child.stop();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  await fetch(`http://127.0.0.1:${backlinks.port}/__control/reset`, { method: 'POST' });
});

const prefix = newPrefix();

/** The service with the local Backlinks API's gateway as its upstream. With other settings it starts again, with the same jobs. */
async function start(env: Record<string, string>): Promise<Stack> {
  const wanted = JSON.stringify(env);
  if (running?.settings === wanted) return running.stack;
  await running?.stack.stop();
  running = null;
  const settings = {
    UPSTREAM_URL: `http://127.0.0.1:${backlinks.port}/apis/v1/dataforseo`,
    UPSTREAM_FLAVOR: 'aisa',
    UPSTREAM_TOKEN: TOKEN,
    REDIS_PREFIX: prefix,
  };
  const { PATH, TEST_REDIS_URL } = environment;
  const stack = await startStack({
    dataDir: join(dataDir, 'data'),
    workers: 1,
    backlinks: false,
    env: { PATH, REDIS_URL: TEST_REDIS_URL, ...SCALED, ...settings, ...env },
  });
  running = { stack, settings: wanted };
  return stack;
}

/** The service starts three times: with a wrong key, with these settings, and with those that it has by default. */
const OBJECTS = { UPSTREAM_BODY: 'object', UPSTREAM_UNKNOWN: 'park' };

/** Rows, items and money of jobs are as the upstream recorded them. */
async function runBoth({ client }: Stack): Promise<void> {
  for (const endpoint of ['bulk_pages_summary', 'domain_pages'] satisfies EndpointName[]) {
    const before = await witness.record();
    const targets = ['facebook.com', 'google.com', 'nobody-links-here-at-all.com'];
    const { id } = await client.submit({ endpoint }, targets);
    const job = await client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', outcome: 'complete', upstream: { simulated: true } });

    const after = await witness.record();
    const own = after.requests.slice(before.requests.length);
    expect(own.every(({ path, tag }) => LIVE.test(path) && tag?.startsWith(`${id}.`))).toBe(true);
    expect(job.calls).toMatchObject({ done: own.length, attempts: own.length });
    expect(job.items).toBe(own.reduce((items, request) => items + request.items, 0));
    expect(nanos(job.cost.spent_usd)).toBe(nanos(after.totals.cost_usd) - nanos(before.totals.cost_usd));
    const results = await collect(client.results(id));
    expect(results.filter(({ data }) => data !== null)).toHaveLength(job.items);
    expect((await collect(client.rows(id))).map(({ line }) => line).sort()).toEqual([1, 2, 3]);
  }
}

const paused = { untilPaused: true, roundMs: 200 };

describe('the gateway, asked with object bodies', () => {
  it('pauses the job at a wrong key, charges nothing, and goes on with the right one', async () => {
    const wrong = await start({ UPSTREAM_TOKEN: 'a-wrong-key' });
    const { id } = await wrong.client.submit({ endpoint: 'bulk_backlinks' }, domains(3));
    await wrong.client.waitFor(id, paused);
    // The call that met the wrong key gives its reservation back a moment after the pause.
    await expect
      .poll(() => wrong.client.job(id))
      .toMatchObject({
        status: 'paused',
        reason: 'upstream_auth',
        rows: { pending: 3 },
        calls: { in_flight: 0 },
        cost: { spent_usd: 0, unconfirmed_usd: 0, reserved_usd: 0 },
      });
    expect((await witness.record()).totals.cost_usd).toBe(0);

    const { client } = await start(OBJECTS);
    await client.resume(id);
    const done = await client.waitFor(id);
    expect(done).toMatchObject({ status: 'completed', rows: { ok: 3 }, calls: { unknown: 0 } });
    expect(nanos(done.cost.spent_usd)).toBe(nanos((await witness.record()).totals.cost_usd));
  });

  it('answers with rows, items and money as the upstream recorded', async () => {
    await runBoth(await start(OBJECTS));
  });

  it('fails the rows of a call that may have been executed as unconfirmed, where the settings say park', async () => {
    await witness.fault({ kind: 'reset_after', count: 1 });
    const { client } = await start(OBJECTS);
    const { id } = await client.submit({ endpoint: 'bulk_backlinks' }, domains(3));
    const job = await client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', outcome: 'none', rows: { failed: 3 }, calls: { attempts: 1 } });
    for (const { error } of await collect(client.rows(id))) {
      expect(error).toMatchObject({ code: 'unconfirmed', retryable: true });
    }
    expect(job.cost.spent_usd).toBe(0);
    const { requests, totals } = await witness.record();
    expect(nanos(job.cost.unconfirmed_usd)).toBeGreaterThanOrEqual(nanos(totals.cost_usd));
    // Nothing else was sent: there is no record to ask.
    expect(requests.every(({ path }) => LIVE.test(path))).toBe(true);
  });
});

describe('the gateway, asked with array bodies', () => {
  it('answers with rows, items and money as the upstream recorded', async () => {
    await runBoth(await start({}));
  });

  it('pauses the job at a low balance, and goes on when there is money', async () => {
    await witness.settings({ balance_usd: 0 });
    const { client } = await start({});
    const { id } = await client.submit({ endpoint: 'bulk_backlinks' }, domains(3));
    expect(await client.waitFor(id, paused)).toMatchObject({ reason: 'upstream_funds', cost: { spent_usd: 0 } });
    await witness.settings({ balance_usd: 1 });
    await client.resume(id);
    expect(await client.waitFor(id)).toMatchObject({ status: 'completed', rows: { ok: 3 } });
  });

  it('waits when it is too fast, and then gets every row', async () => {
    await witness.settings({ max_in_flight: 1, latency_ms: 300 });
    const { client } = await start({});
    const { id } = await client.submit({ endpoint: 'domain_pages' }, domains(6));
    const job = await client.waitFor(id);
    const { requests, totals } = await witness.record();
    const refused = requests.filter(({ status_code }) => status_code === null);
    expect(job).toMatchObject({ status: 'completed', rows: { pending: 0, failed: 0 }, calls: { unknown: 0 } });
    expect(job.calls.attempts).toBe(requests.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(nanos(job.cost.spent_usd)).toBe(nanos(totals.cost_usd));
  });

  it('buys again what may have been executed, as there is no record to ask', async () => {
    await witness.fault({ kind: 'reset_after', count: 1 });
    const { client } = await start({});
    const { id } = await client.submit({ endpoint: 'bulk_backlinks' }, domains(3));
    const job = await client.waitFor(id);
    expect(job).toMatchObject({ outcome: 'complete', rows: { ok: 3 }, calls: { attempts: 2 } });
    const { spent_usd, unconfirmed_usd } = job.cost;
    const { totals } = await witness.record();
    expect(nanos(spent_usd)).toBeLessThan(nanos(totals.cost_usd));
    expect(nanos(spent_usd) + nanos(unconfirmed_usd)).toBeGreaterThanOrEqual(nanos(totals.cost_usd));
  });
});
