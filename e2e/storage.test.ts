import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Job } from '@linkhaul/schemas';
import { refuseWrites } from '@linkhaul/stack';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parseMetrics } from '../packages/runtime/test/exposition.js';
import { isThorough } from './env.js';
import { domains, nanos, startWorld, type World } from './harness.js';

let world: World;
let finished: Job;

beforeAll(async () => {
  world = await startWorld({ env: { DRAIN_TIMEOUT_MS: '500' } });
  for (let run = 0; run < 2; run++) {
    const { id } = await world.client.submit({ endpoint: 'domain_pages', tag: 'seen' }, domains(3));
    finished = await world.client.waitFor(id);
  }
});
beforeEach(async () => {
  for (const url of [world.apiUrl, ...workerUrls()])
    await expect.poll(() => readiness(url)).toMatchObject({ status: 200 });
});
afterAll(() => world.stop());

const text = domains(30).join('\n');
const BODIES: Record<string, RequestInit> = {
  json: {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: 'bulk_backlinks', targets: domains(30) }),
  },
  text: { headers: { 'content-type': 'text/plain' }, body: text },
  csv: { headers: { 'content-type': 'text/csv' }, body: `domain\n${text}` },
  ndjson: {
    headers: { 'content-type': 'application/x-ndjson' },
    body: domains(30)
      .map((name) => `${JSON.stringify(name)}\n`)
      .join(''),
  },
  gzip: { headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' }, body: gzipSync(text) },
};

const submitWith = (name: string) => {
  const query = name === 'json' ? '' : '?endpoint=bulk_backlinks';
  return fetch(`${world.apiUrl}/v1/jobs${query}`, { method: 'POST', ...BODIES[name] });
};

/** Requests that read what a finished job has in storage. */
const reads = (): [path: string, init?: RequestInit][] => [
  [`/v1/jobs/${finished.id}/results`],
  [`/v1/jobs/${finished.id}/results?format=ndjson`],
  [`/v1/jobs/${finished.id}/results?format=csv`],
  [`/v1/jobs/${finished.id}/results?format=parquet`],
  [`/v1/jobs/${finished.id}/rows`],
  [`/v1/jobs/${finished.id}/rows?format=csv`],
  [`/v1/jobs/${finished.id}/calls`],
  [`/v1/jobs/${finished.id}/manifest`],
  ['/v1/tags/seen/results?format=ndjson'],
  ['/v1/tags/seen/diff'],
  [`/v1/jobs/${finished.id}/retry`, { method: 'POST' }],
];

async function isUnavailable(answer: Response): Promise<void> {
  expect(answer.status, answer.url).toBe(503);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ type: 'urn:linkhaul:problem:unavailable' });
}

const workerUrls = () => world.workers.map(({ port }) => `http://127.0.0.1:${port}`);

/** Resolves when no worker will send a call, not even one that had already passed the gate, and none waits for an answer. */
async function sendingRests(): Promise<void> {
  const read = async (url: string) => {
    const families = parseMetrics(await (await fetch(`${url}/metrics`)).text());
    const series = new Map([...families.values()].flatMap((family) => [...family.series]));
    const names = ['linkhaul_sending_held', 'linkhaul_permits_waiting', 'linkhaul_upstream_calls_in_flight'];
    return names.map((name) => series.get(name));
  };
  for (const url of workerUrls()) await expect.poll(() => read(url)).toEqual([1, 0, 0]);
}

async function readiness(url: string): Promise<{ status: number; storage: string }> {
  const answer = await fetch(`${url}/readyz`);
  const { checks } = (await answer.json()) as { checks: { storage: string } };
  return { status: answer.status, storage: checks.storage };
}

async function isNotReady(why: RegExp): Promise<void> {
  for (const url of [world.apiUrl, ...workerUrls()]) {
    const { status, storage } = await readiness(url);
    expect(status).toBe(503);
    expect(storage).toMatch(why);
  }
}

/** Starts a job, and resolves when some of its calls are answered and some are under way. */
async function startJob(): Promise<string> {
  await world.settings({ latency_ms: 500 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(120));
  await world.arrived(id, 40);
  return id;
}

async function sentFor(id: string): Promise<string[]> {
  return (await world.record()).requests.map(({ tag }) => tag ?? '').filter((tag) => tag.startsWith(`${id}.`));
}

/** Checks that the job ends whole, that each call was sent once, and that it spent what the upstream recorded. */
async function endsWell(id: string): Promise<void> {
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', rows: { pending: 0, failed: 0 } });
  const sent = await sentFor(id);
  expect(new Set(sent).size).toBe(sent.length);
  expect(job.calls).toMatchObject({ attempts: sent.length, planned: sent.length, unknown: 0 });
  expect(nanos(job.cost.spent_usd)).toBe(await chargedFor(id));
}

async function chargedFor(id: string): Promise<number> {
  const { requests } = await world.record();
  const costs = requests.filter(({ tag }) => tag?.startsWith(`${id}.`)).map(({ cost_usd: cost }) => nanos(cost));
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** Makes a substitute for the storage folder. */
const IN_ITS_PLACE: Record<string, (path: string) => Promise<unknown>> = {
  nothing: async () => undefined,
  'an empty folder': (path) => mkdir(path),
  'a file': (path) => writeFile(path, ''),
  "another installation's folder": async (path) => {
    await cp(world.storageDir, path, { recursive: true, filter: (source) => !basename(source).startsWith('.tmp-') });
    await writeFile(join(path, 'installation'), 'another\n');
  },
};

/** Undoes a change of the storage once: when the test says so, or at its end. */
function givenBackAtTheEnd(giveBack: () => Promise<unknown>): () => Promise<unknown> {
  let given: Promise<unknown> | null = null;
  const once = () => {
    given ??= giveBack();
    return given;
  };
  onTestFinished(async () => {
    await once();
  });
  return once;
}

/** Only renames folders, because processes go on writing into them meanwhile. */
async function takeStorageAway(substitute = ''): Promise<() => Promise<unknown>> {
  const aside = `${world.storageDir}-aside`;
  await rename(world.storageDir, aside);
  const substituted = existsSync(substitute);
  if (substituted) await rename(substitute, world.storageDir);
  return givenBackAtTheEnd(async () => {
    if (substituted) await rename(world.storageDir, substitute);
    await rename(aside, world.storageDir);
  });
}

/** The tests of the marker have all of them with each run. */
const PLACES = isThorough ? Object.keys(IN_ITS_PLACE) : ['nothing', "another installation's folder"];

describe.each(PLACES)('with %s where the storage folder was, while a job runs', (what) => {
  it('answers 503, says so, sends nothing, and goes on with the job when it is back', async () => {
    // Made before the job begins, because the job might be over before a busy machine has copied the folder.
    const substitute = `${world.storageDir}-substitute-${randomUUID()}`;
    await IN_ITS_PLACE[what]?.(substitute);
    const id = await startJob();
    const putBack = await takeStorageAway(substitute);
    for (const name of Object.keys(BODIES)) await isUnavailable(await submitWith(name));
    await sendingRests();
    const sent = await sentFor(id);
    await isNotReady(/does not hold this installation's data: .* at file:\/\/.*linkhaul storage adopt/);
    for (const [path, init] of reads()) await isUnavailable(await fetch(`${world.apiUrl}${path}`, init));
    const stands = { status: 'running', bound_by: 'storage', bound_detail: expect.stringContaining('marker') };
    await expect.poll(() => world.client.job(id)).toMatchObject(stands);
    expect(await sentFor(id)).toEqual(sent);
    await putBack();
    await endsWell(id);
  });
});

describe('with a storage folder that takes no writes, while a job runs', () => {
  it('answers what it can read, 503 where it would write, and goes on with the job when it can', async () => {
    const id = await startJob();
    const takeWrites = givenBackAtTheEnd(await refuseWrites(world.storageDir));
    for (const name of Object.keys(BODIES)) await isUnavailable(await submitWith(name));
    await sendingRests();
    await isNotReady(/EROFS|EACCES/);
    await expect.poll(() => world.client.job(id)).toMatchObject({ bound_by: 'storage' });
    const rows = await fetch(`${world.apiUrl}/v1/jobs/${finished.id}/rows`);
    expect(rows.status).toBe(200);
    await takeWrites();
    await endsWell(id);
  });
});

it('a worker that starts while storage is away waits for it, and says so', async () => {
  const putBack = await takeStorageAway();
  const url = `http://127.0.0.1:${(await world.startWorker()).port}`;
  expect(await readiness(url)).toMatchObject({ status: 503 });
  await putBack();
  await expect.poll(() => readiness(url)).toMatchObject({ status: 200 });
});

// The last test, because it stops the workers that all tests share.
it('workers that are told to stop with answers in hand end with their drain; what was in hand is bought again, once', async () => {
  const id = await startJob();
  const putBack = await takeStorageAway();
  await sendingRests();
  await Promise.all(world.workers.map(({ child }) => child.stop()));
  for (const { child } of world.workers) expect(await child.exited).toBe('exit code 0');
  await putBack();
  await world.startWorker();
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', rows: { pending: 0, failed: 0 } });
  expect(job.cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
  expect(job.cost.wasted_usd).toBeGreaterThan(0);
  expect(nanos(job.cost.spent_usd)).toBe(await chargedFor(id));
});
