import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paths } from '@linkhaul/storage';
import { jobOf, postJson } from './http.js';
import type { Service } from './service.js';
import { createWorker } from './upstream.js';

/** What may happen to the bytes of a file, by name. */
const BREAKS = {
  removed: (path: string) => rm(path),
  emptied: (path: string) => writeFile(path, ''),
  'cut in the body': async (path: string) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 9));
  },
  'cut in the header': async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 50)),
  'flipped in the header': (path: string) => flip(path, 60),
  'flipped in the body': (path: string) => flip(path, -12),
} as const;

export type Break = keyof typeof BREAKS;
export const BREAK_NAMES = Object.keys(BREAKS) as Break[];

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 4, place);
  await writeFile(path, bytes);
}

/** Breaks the stored answer of a call on disk. */
export async function breakAnswer(
  { storageUrl }: { storageUrl: string },
  at: { job: { tenant: string; id: string }; call: number; attempt?: number },
  how: Break,
): Promise<void> {
  await BREAKS[how](join(fileURLToPath(storageUrl), paths.answer(at.job, at.call, at.attempt ?? 1)));
}

/** A finished job of two bulk calls: ok, empty, missing, a duplicate; and one call that failed. */
export async function bulkJob(service: Service, tag: string) {
  const targets = ['a.com', 'b.com', 'c.com', 'www.a.com', 'd.com', 'e.com', 'f.com', 'no'];
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets, tag }));
  const job = { tenant: 'local', id };
  const worker = await createWorker(service, job);
  await worker.plan(3);
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0, -1, -2] }, items: [{ target: 'a.com' }] });
  const items = [{ target: 'd.com' }, { target: 'e.com' }, { target: 'f.com' }];
  await worker.settle(2, { outcome: { kind: 'bulk', items: [0, 1, 2] }, items });
  await worker.finish();
  await worker.retire();
  return { job, worker, url: `${service.url}/v1/jobs/${id}` };
}

/** The same, with the answer of its first call broken. */
export async function brokenJob(service: Service, tag: string, how: Break = 'emptied') {
  const made = await bulkJob(service, tag);
  await breakAnswer(service, { job: made.job, call: 1 }, how);
  return made;
}
