import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { BUCKET, nowAndThen, STORE_KEYS, STORE_REGION, startStandIn } from '@linkhaul/stack';
import { AwsClient } from 'aws4fetch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { S3RVER_KEYS, startS3rver } from '../packages/storage/test/s3rver.js';
import { isThorough } from './env.js';
import { collect, domains, nanos, SHORT_LEASES, startWorld, type World } from './harness.js';

/** Calls that a worker has in hand at once. */
const PLACES = 6;

/** s3rver ignores the condition that a write is the first; the stand-in knows it, and fails now and then. */
const STORES = {
  s3rver: async () => {
    const store = await startS3rver(BUCKET);
    onTestFinished(() => store.close());
    return { endpoint: store.endpoint, credentials: S3RVER_KEYS, calm: () => undefined };
  },
  'the stand-in': async () => {
    const store = await startStandIn();
    onTestFinished(() => store.close());
    store.behaviour.trouble = nowAndThen();
    const calm = () => {
      store.behaviour.trouble = () => null;
    };
    return { endpoint: store.endpoint, credentials: STORE_KEYS, calm };
  },
};

interface Place {
  readonly endpoint: string;
  readonly credentials: typeof STORE_KEYS;
  /** Ends the trouble, for readers that do not repeat what fails. */
  calm(): void;
}

function environmentOf({ endpoint, credentials }: Place): Record<string, string> {
  return {
    STORAGE_URL: `s3://${BUCKET}/data?${new URLSearchParams({ endpoint, region: STORE_REGION })}`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

/** Reads a file as a warehouse does, which knows the bucket and the manifest's path. */
async function readFile({ endpoint, credentials: keys }: Place, path: string): Promise<Buffer> {
  const { accessKeyId, secretAccessKey } = keys;
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: STORE_REGION });
  const answer = await client.fetch(`${endpoint}/${BUCKET}/data/${path}`);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function start(place: Place): Promise<World> {
  const slots = { UPSTREAM_MAX_IN_FLIGHT: '6', BACKLINKS_MAX_IN_FLIGHT: '6', WORKER_CONCURRENCY: String(PLACES) };
  const world = await startWorld({ workers: 2, env: { ...SHORT_LEASES, ...slots, ...environmentOf(place) } });
  onTestFinished(() => world.stop());
  return world;
}

/** The conformance tests of the storage have both with each run. */
const NAMES = isThorough ? (['s3rver', 'the stand-in'] as const) : (['the stand-in'] as const);

describe.each(NAMES)('with a bucket of %s as storage', (name) => {
  it('a job loses no row when a worker is killed, and its results are files in the bucket', async () => {
    const place = await STORES[name]();
    const world = await start(place);
    await world.settings({ latency_ms: 400 });
    const { id } = await world.client.submit({ endpoint: 'domain_pages_summary' }, domains(40));
    await world.arrived(id, 10);
    await world.workers[0]?.child.kill();
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', rows: { total: 40, pending: 0, failed: 0 } });
    const { requests, totals } = await world.record();
    expect(nanos(job.cost.spent_usd)).toBe(nanos(totals.cost_usd));
    const again = requests.filter(({ tag }) => tag !== null && tag.split('.')[2] !== '1');
    expect(again.length).toBeLessThanOrEqual(PLACES);

    const { files } = await world.client.manifest(id);
    place.calm();
    const stored = await Promise.all(files.map(({ path }) => readFile(place, path)));
    const sums = stored.map((file) => createHash('sha256').update(file).digest('hex'));
    expect(sums).toEqual(files.map(({ sha256 }) => sha256));
    const lines = stored.flatMap((file) => gunzipSync(file).toString().trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line))).toEqual(await collect(world.client.results(id)));
    const download = await fetch(`${world.apiUrl}/v1/jobs/${id}/results?format=ndjson`);
    expect((await download.text()).trimEnd().split('\n')).toEqual(lines);
  });
});

it('while a bucket does not serve nothing is sent and each process says why; then the job goes on, and nothing is bought twice', async () => {
  const { endpoint, behaviour, close } = await startStandIn();
  onTestFinished(close);
  const calm = () => {
    behaviour.trouble = () => null;
  };
  const world = await start({ endpoint, credentials: STORE_KEYS, calm });
  await world.settings({ latency_ms: 400 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(60));
  await world.arrived(id, 10);
  behaviour.trouble = () => 'busy';
  const readiness = async (url: string) => {
    const answer = await fetch(`${url}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  const urls = [world.apiUrl, ...world.workers.map(({ port }) => `http://127.0.0.1:${port}`)];
  // Where a check takes long, the process says that instead.
  const away = { status: 503, text: expect.stringMatching(/SlowDown|does not answer/) };
  for (const url of urls) await expect.poll(() => readiness(url)).toEqual(away);
  const list = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: domains(30).join('\n') };
  expect((await fetch(`${world.apiUrl}/v1/jobs?endpoint=bulk_backlinks`, list)).status).toBe(503);
  calm();
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', rows: { total: 60, pending: 0, failed: 0 } });
  const { requests, totals } = await world.record();
  const sent = requests.flatMap(({ tag }) => (tag?.startsWith(`${id}.`) ? [tag.split('.')[1]] : []));
  expect(new Set(sent).size).toBe(sent.length);
  expect(nanos(job.cost.spent_usd)).toBe(nanos(totals.cost_usd));
});
