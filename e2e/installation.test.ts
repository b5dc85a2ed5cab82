import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { builtApp, redisBinary, startProcess, startRedisServer } from '@linkhaul/stack';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { environment } from './env.js';
import { domains, nanos, startWorld } from './harness.js';

const run = promisify(execFile);

let binary: string;
beforeAll(async () => {
  binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('API and workers that start at once for the first time get one installation', async () => {
  const folder = await newFolder();
  const redis = await startRedisServer({ binary, dir: await newFolder() });
  onTestFinished(() => redis.child.kill());
  const env = {
    PATH: environment.PATH,
    PORT: '0',
    REDIS_URL: redis.url,
    STORAGE_URL: pathToFileURL(join(folder, 'storage')).href,
    UPSTREAM_URL: 'http://127.0.0.1:1',
    UPSTREAM_LOGIN: 'l',
    UPSTREAM_PASSWORD: 'p',
  };
  const apps = ['api', 'worker', 'worker'] as const;
  const started = await Promise.all(
    apps.map((app, at) => startProcess({ name: `${app}-${at}`, entry: builtApp(app), env })),
  );
  onTestFinished(async () => {
    await Promise.all(started.map(({ child }) => child.stop()));
  });
  for (const { port } of started) {
    const readiness = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    await expect.poll(readiness).toBe(200);
  }
  expect(await readFile(join(folder, 'storage', 'installation'), 'utf8')).toMatch(/^[0-9a-f-]{36}\n$/);
});

it('a Redis that has lost everything serves nothing beside the storage, until somebody says that it is meant', async () => {
  const first = await startRedisServer({ binary, dir: await newFolder() });
  const servers = [first];
  // The last to go: what stands on it could not stop well without it.
  onTestFinished(async () => {
    for (const { child } of servers) await child.kill();
  });
  const world = await startWorld({ env: { REDIS_URL: first.url } });
  onTestFinished(() => world.stop());
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(10));
  await world.client.waitFor(id);
  await first.child.kill();
  const second = await startRedisServer({ binary, dir: await newFolder(), port: Number(new URL(first.url).port) });
  servers.push(second);

  const readiness = async (port: number | string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  const lost = { status: 503, text: expect.stringContaining('linkhaul storage adopt --empty') };
  for (const port of [new URL(world.apiUrl).port, ...world.workers.map((worker) => worker.port)]) {
    await expect.poll(() => readiness(port)).toMatchObject(lost);
  }
  // A job that Redis does not know is not one that does not exist.
  for (const path of [`/v1/jobs/${id}`, '/v1/jobs', `/v1/jobs/${id}/results`, '/v1/tags', '/v1/usage']) {
    const answer = await fetch(`${world.apiUrl}${path}`);
    expect(answer.status, path).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('linkhaul storage adopt') });
  }
  await expect(world.client.submit({ endpoint: 'bulk_backlinks' }, domains(10))).rejects.toMatchObject({ status: 503 });

  const env = { PATH: environment.PATH, LINKHAUL_URL: world.apiUrl };
  const { stdout } = await run(process.execPath, [builtApp('cli'), 'storage', 'adopt', '--empty'], { env });
  expect(stdout).toContain('Jobs that Redis has lost stay lost');
  expect((await fetch(`${world.apiUrl}/v1/jobs/${id}`)).status).toBe(404);
  const next = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(10));
  const job = await world.client.waitFor(next.id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete' });
  const { requests } = await world.record();
  const costs = requests.filter(({ tag }) => tag?.startsWith(`${next.id}.`)).map(({ cost_usd: cost }) => nanos(cost));
  expect(nanos(job.cost.spent_usd)).toBe(costs.reduce((sum, cost) => sum + cost, 0));
});

it('storage in a Redis that has no room takes no list, and takes it when there is room', async () => {
  const redis = await startRedisServer({ binary, dir: await newFolder() });
  onTestFinished(() => redis.child.kill());
  const world = await startWorld({ workers: 0, env: { REDIS_URL: redis.url, STORAGE_URL: 'redis:' } });
  onTestFinished(() => world.stop());
  const socket = connect(redis.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const submit = async () => {
    const init = { method: 'POST', body: 'a.com\n', headers: { 'content-type': 'text/plain' } };
    return (await fetch(`${world.apiUrl}/v1/jobs?endpoint=bulk_backlinks`, init)).status;
  };
  const readiness = async () => (await fetch(`${world.apiUrl}/readyz`)).status;
  socket.write('CONFIG SET maxmemory 1mb\r\n');
  await expect.poll(readiness).toBe(503);
  expect(await submit()).toBe(503);
  socket.write('CONFIG SET maxmemory 0\r\n');
  await expect.poll(readiness).toBe(200);
  expect(await submit()).toBe(202);
});
