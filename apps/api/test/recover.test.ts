import { rm, writeFile } from 'node:fs/promises';
import { recovery } from '@linkhaul/schemas';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ask, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const POST = { method: 'POST' };
let starter: ReturnType<typeof createStarter>;
beforeEach(() => {
  starter = createStarter();
  onTestFinished(starter.closeAll);
});

const recover = ({ url }: Service) => ask(`${url}/v1/recover`, POST);
const stateOf = async ({ url }: Service) => recovery.parse(JSON.parse((await ask(`${url}/v1/recover`)).text));

function submit({ url }: Service, more: Record<string, string> = {}) {
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'] });
  return ask(`${url}/v1/jobs`, { ...POST, body, headers: { 'content-type': 'application/json', ...more } });
}

/** All keys of the service go, as with FLUSHALL. */
async function loseEverything({ redis, keys }: Service): Promise<void> {
  await redis.unlink(...(await redis.keys(`${keys.root}:*`)));
}

it('is refused where nothing is lost, and changes nothing', async () => {
  const service = await starter.start();
  await submit(service);
  const { detail } = problemOf(await recover(service), 'conflict');
  expect(detail).toContain('nothing is lost, and nothing was changed');
  expect(await stateOf(service)).toMatchObject({ state: 'none' });
});

it('is refused with storage in Redis itself, which says why', async () => {
  const service = await starter.start({ STORAGE_URL: 'redis:' });
  expect(problemOf(await recover(service), 'conflict').detail).toContain('STORAGE_URL=redis:');
});

it('is refused where Redis holds jobs though it does not know the installation', async () => {
  const service = await starter.start();
  await submit(service);
  await service.redis.del(service.keys.installation);
  expect(problemOf(await recover(service), 'conflict').detail).toContain('would be mixed');
  expect(await stateOf(service)).toMatchObject({ state: 'none' });
});

it('is asked for once, and nothing is served until a worker has ended it', async () => {
  const service = await starter.start();
  await submit(service);
  await loseEverything(service);
  const answer = await recover(service);
  expect(answer.status).toBe(202);
  expect(await stateOf(service)).toMatchObject({ state: 'asked', go: false, jobs: null, done: 0 });
  expect((await recover(service)).status).toBe(202);
  const jobs = () => ask(`${service.url}/v1/jobs`);
  await expect.poll(async () => (await jobs()).text).toContain('being brought back');
  problemOf(await submit(service), 'unavailable');
  const adopted = await ask(`${service.url}/v1/storage/adopt?empty=1`, POST);
  expect(problemOf(adopted, 'conflict').detail).toContain('being brought back');
});

it('takes no job into a Redis that has lost everything a moment ago', async () => {
  const service = await starter.start();
  expect((await submit(service)).status).toBe(202);
  await loseEverything(service);
  // The API has asked Redis a moment ago, and asks again after a second.
  problemOf(await submit(service), 'unavailable');
  expect(await service.redis.exists(service.keys.tenants)).toBe(0);
});

it('acknowledges a job only once storage has a snapshot of it, also where the request is sent again', async () => {
  const service = await starter.start();
  const again = { 'idempotency-key': 'monday' };
  // No snapshot can be stored below a file.
  const folder = new URL('snapshots', `${service.storageUrl}/`);
  await writeFile(folder, '');
  expect((await submit(service, again)).status).toBeGreaterThanOrEqual(500);
  expect((await submit(service, again)).status).toBeGreaterThanOrEqual(500);
  await rm(folder);
  const accepted = await submit(service, again);
  expect(accepted.status).toBe(202);
  const [kept] = await service.services.storage.list('snapshots/jobs');
  expect(kept).toContain(JSON.parse(accepted.text).id);
  await submit(service, again);
  expect(await service.services.storage.list('snapshots/jobs')).toEqual([kept]);
});

it("keeps a tenant's last snapshot where its settings are changed a moment after Redis has lost everything", async () => {
  const service = await starter.start();
  const setWeight = (weight: number) => {
    const body = JSON.stringify({ weight });
    return ask(`${service.url}/v1/tenants/local`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json' },
    });
  };
  expect((await setWeight(3)).status).toBe(200);
  const before = await service.services.storage.list('snapshots/tenants');
  expect(before).toHaveLength(1);
  await loseEverything(service);
  // The API has asked Redis a moment ago, and asks again after a second.
  problemOf(await setWeight(5), 'unavailable');
  expect(await service.services.storage.list('snapshots/tenants')).toEqual(before);
});
