import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { builtApp } from '@linkhaul/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseMetrics } from '../packages/runtime/test/exposition.js';
import { environment } from './env.js';
import { domains, HOLDING, startWorld, type World } from './harness.js';

const TIME = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
const list = { endpoint: 'domain_pages' } as const;

it('a job without any worker says so in the answer to its submission, where nothing is known of the upstream yet', async () => {
  const world = await startWorld({ workers: 0 });
  try {
    const submitted = await world.client.submit(list, domains(3));
    expect(submitted).toMatchObject({
      status: 'queued',
      bound_by: 'no_workers',
      bound_detail: expect.stringMatching(/^0 workers/),
      upstream: { simulated: null },
    });
    expect(await world.client.jobs()).toMatchObject({ jobs: [{ bound_by: 'no_workers' }] });
    expect((await fetch(`${world.apiUrl}/v1/capacity`)).status).toBe(503);
  } finally {
    await world.stop();
  }
});

describe('a job that does not move', () => {
  let world: World;
  let storage: string;
  let alpha: LinkhaulClient;
  let beta: LinkhaulClient;
  beforeAll(async () => {
    storage = await mkdtemp(join(tmpdir(), 'linkhaul-standstill-'));
    world = await startWorld({
      workers: 1,
      env: {
        UPSTREAM_MAX_IN_FLIGHT: '2',
        ...HOLDING,
        STORAGE_URL: pathToFileURL(storage).href,
        LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
      },
    });
    [alpha, beta] = ['key-a-of-a-tenant', 'key-b-of-a-tenant'].map((apiKey) =>
      createLinkhaulClient({ baseUrl: world.apiUrl, apiKey }),
    ) as [LinkhaulClient, LinkhaulClient];
  });
  afterEach(async () => {
    await world.clearFaults();
    await world.settings({ hold: false, balance_usd: 1000 });
  });
  afterAll(async () => {
    await world.stop();
    await rm(storage, { recursive: true, force: true });
  });

  async function metric(name: string): Promise<number | undefined> {
    const text = await (await fetch(`${world.apiUrl}/metrics`)).text();
    return new Map([...parseMetrics(text).values()].flatMap(({ series }) => [...series])).get(name);
  }

  /** Resolves with the job when this is what keeps it waiting. */
  async function keptBy(client: LinkhaulClient, id: string, by: NonNullable<Job['bound_by']>): Promise<Job> {
    await expect.poll(async () => (await client.job(id)).bound_by).toBe(by);
    return client.job(id);
  }

  it('knows whether its upstream is simulated before any call was sent', async () => {
    const submit = async () => (await alpha.submit({ ...list, start: 'manual' }, ['first.com'])).upstream.simulated;
    const told = new Set<boolean | null>();
    await expect
      .poll(async () => {
        const simulated = await submit();
        told.add(simulated);
        return simulated;
      })
      .toBe(true);
    expect(told.has(false)).toBe(false);
    expect((await world.record()).requests.every(({ tag }) => tag === null)).toBe(true);
  });

  it('waits for its turn behind another tenant, whose calls are in all slots', async () => {
    await world.settings({ hold: true });
    const before = await alpha.submit(list, domains(1000));
    await world.arrived(before.id, 2);
    const { id } = await beta.submit(list, domains(1));
    const { bound_detail } = await keptBy(beta, id, 'turn');
    expect(bound_detail).toMatch(/^Other jobs have 2 calls in flight/);
    expect(await alpha.job(before.id)).toMatchObject({ bound_by: 'upstream_in_flight' });
    await world.settings({ hold: false });
    await alpha.cancel(before.id);
    expect(await beta.waitFor(id)).toMatchObject({ status: 'completed', bound_by: null, bound_detail: null });
    await alpha.waitFor(before.id);
  });

  it('waits for money that its first call holds', async () => {
    await world.settings({ hold: true });
    const { id } = await alpha.submit({ ...list, max_cost_usd: 1 }, domains(5));
    const { bound_detail } = await keptBy(alpha, id, 'budget');
    expect(bound_detail).toMatch(/^\$0\.\d+ of \$1 is spent or held by 1 call without an answer/);
    await world.settings({ hold: false });
    expect(await alpha.waitFor(id)).toMatchObject({ status: 'completed' });
  });

  it('waits for look-ups that fail, and says why they do and when the next is', async () => {
    await world.fault({ kind: 'status', code: 40202, endpoint: 'id_list' });
    await world.fault({ kind: 'reset_after', count: 1 });
    const { id } = await alpha.submit(list, domains(1));
    const detail = async () => (await alpha.job(id)).bound_detail;
    await expect.poll(detail).toMatch(/^1 call waits for the upstream's record; the last look-up failed at .*40202/);
    expect(await alpha.job(id)).toMatchObject({ status: 'running', bound_by: 'look_ups', calls: { unknown: 1 } });
    expect(await metric('linkhaul_look_ups_failing')).toBe(1);
    await world.clearFaults();
    expect(await alpha.waitFor(id)).toMatchObject({ status: 'completed', outcome: 'complete' });
    expect(await metric('linkhaul_look_ups_failing')).toBe(0);
  });

  it('waits for the account, and so does the account for its next probe', async () => {
    await world.settings({ balance_usd: 0 });
    const { id } = await alpha.submit(list, domains(5));
    const paused = await alpha.waitFor(id, { untilPaused: true, roundMs: 200 });
    const kept = { bound_by: 'upstream_pause', bound_detail: expect.stringMatching(TIME) };
    expect(paused).toMatchObject({ status: 'paused', reason: 'upstream_funds', ...kept });
    expect(await alpha.capacity()).toMatchObject({
      paused: { reason: 'upstream_funds', until: expect.stringMatching(/Z$/) },
      workers: { live: 1 },
      ...kept,
    });
    expect(await metric('linkhaul_account_paused{reason="upstream_funds"}')).toBe(1);
    await world.settings({ balance_usd: 1000 });
    expect(await alpha.waitFor(id)).toMatchObject({ status: 'completed' });
    await expect.poll(() => alpha.capacity()).toMatchObject({ paused: null });
  });

  it('waits for storage that takes no answer, and goes on when it does', async () => {
    await world.settings({ hold: true });
    const { id } = await alpha.submit(list, domains(5));
    await world.arrived(id, 1);
    const inTheWay = join(storage, 'jobs', 'alpha', id, 'answers');
    await writeFile(inTheWay, 'a file where a folder must be');
    await world.settings({ hold: false });
    expect((await keptBy(alpha, id, 'storage')).bound_detail).toMatch(TIME);
    expect(await alpha.capacity()).toMatchObject({ bound_by: 'storage' });
    expect(await metric('linkhaul_storage_away')).toBe(1);
    await rm(inTheWay);
    expect(await alpha.waitFor(id)).toMatchObject({ status: 'completed', outcome: 'complete' });
  });

  it('waits for workers when all have died: in the job, in its events, in capacity, metrics and on the screen', async () => {
    await world.settings({ hold: true });
    const { id } = await alpha.submit(list, domains(100));
    await world.arrived(id, 2);
    const events = await fetch(`${world.apiUrl}/v1/jobs/${id}/events`, {
      headers: { authorization: 'Bearer key-a-of-a-tenant' },
    });
    const screen = spawn(process.execPath, [builtApp('cli'), 'watch', id], {
      env: { PATH: environment.PATH, LINKHAUL_URL: world.apiUrl, LINKHAUL_API_KEY: 'key-a-of-a-tenant' },
    });
    await world.workers[0]?.child.kill();

    const { bound_detail } = await keptBy(alpha, id, 'no_workers');
    expect(bound_detail).toMatch(/^No worker has been alive since 20.*Z\.$/);
    expect(await until(events.body, '"bound_by":"no_workers"')).toContain('No worker has been alive since');
    expect(await until(screen.stderr, 'waits: No worker')).toMatch(TIME);
    const ended = once(screen, 'close');
    screen.kill('SIGINT');
    await ended;
    expect(await alpha.capacity()).toMatchObject({ bound_by: 'no_workers', bound_detail, workers: { live: 0 } });
    expect(await metric('linkhaul_workers')).toBe(0);
    expect(await metric('linkhaul_jobs_open')).toBeGreaterThan(0);
    const late = await beta.submit(list, domains(1));
    expect(late).toMatchObject({ status: 'queued', bound_by: 'no_workers', bound_detail });
  });
});

/** Reads until these words have arrived, and returns everything so far. */
async function until(source: AsyncIterable<Uint8Array> | null, words: string): Promise<string> {
  let text = '';
  for await (const chunk of source ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes(words)) return text;
  }
  throw new Error(`it ended without ${words}: ${text}`);
}
