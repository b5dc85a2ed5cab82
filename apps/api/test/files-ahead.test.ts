import type { JobRecord } from '@linkhaul/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDownloads } from '../src/results/downloads.js';
import { NDJSON } from '../src/results/forms.js';
import { writeFilesAhead } from '../src/results/write-files-ahead.js';
import { finishedListJob } from './finished-job.js';
import { heldStorage } from './held-storage.js';
import { ask, jobOf, postJson } from './http.js';
import { rawly } from './raw.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
const { signal: goesOn } = new AbortController();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

async function finished(): Promise<{ url: string; job: { tenant: string; id: string }; record: JobRecord }> {
  const url = await finishedListJob(service);
  const job = { tenant: 'local', id: jobOf(await ask(url)).id };
  return { url, job, record: (await service.services.store.get(job)) ?? expect.fail() };
}

/** Its files are written as far as storage allows. */
function startAhead(record: JobRecord) {
  const held = heldStorage(service.services.storage);
  const downloads = createDownloads({ ...service.services, storage: held.storage });
  return { held, downloads, written: downloads.writeAhead(record, goesOn) };
}

it('the first reader of files that were written ahead gets them, whole', async () => {
  const { url, job } = await finished();
  await writeFilesAhead(job, service.services, goesOn);
  const read = await rawly(`${url}/results?format=ndjson`);
  expect(read.headers['content-length']).toBe(String(read.body.length));
  const pages = JSON.parse((await ask(`${url}/results?limit=1000`)).text).results;
  expect(
    String(read.body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(pages);
});

it('of a job that runs again, or is gone, nothing is written', async () => {
  const { url, job } = await finished();
  const worker = await createWorker(service, job);
  await worker.retire();
  expect((await postJson(`${url}/retry`, {})).status).toBe(200);
  const before = await service.leftovers();
  await writeFilesAhead(job, service.services, goesOn);
  await writeFilesAhead({ tenant: 'local', id: 'job_gone' }, service.services, goesOn);
  expect(await service.leftovers()).toEqual(before);
});

it('a process that stops writes no further', async () => {
  const { record } = await finished();
  await service.services.downloads.writeAhead(record, AbortSignal.abort());
  expect(await service.services.downloads.find(record, NDJSON)).toBeNull();
});

it('a reader who comes meanwhile takes over', async () => {
  const { record } = await finished();
  const { held, downloads, written } = startAhead(record);
  const reading = downloads.write(record, NDJSON);
  expect((await reading.next()).done).toBe(false);
  await written;
  expect(held.asked()).toBe(0);
  held.release();
  for await (const piece of reading) expect(piece.lines).toBeGreaterThan(0);
  expect(await downloads.find(record, NDJSON)).toMatchObject({ files: [{ lines: expect.any(Number) }] });
  expect(held.created).toHaveLength(2);
});

it('a job that is removed meanwhile leaves no files', async () => {
  const { url, job, record } = await finished();
  await (await createWorker(service, job)).retire();
  const { held, written } = startAhead(record);
  await expect.poll(held.asked).toBe(1);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
  held.release();
  await written;
  expect(held.created).toHaveLength(1);
  for (const path of held.created) expect(await service.services.storage.get(path)).toBeNull();
});
