import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INSTALLATION, newFolder, openFolder } from './backends.js';

/** A process of a service rarely has another one, and tests may not change it while others run. */
const GIVEN = 0o777 & ~process.umask();

test('what is stored is not for everybody on the machine', async () => {
  const root = join(await newFolder(), 'new', 'storage');
  const backend = openFolder(root);
  await backend.claim(INSTALLATION);
  await backend.put('jobs/t/job_1/job.json', Buffer.from('x'));
  await backend.put('jobs/t/job_1/job.json', Buffer.from('again'));
  await backend.create('results/t/job_1/run-1/part', Buffer.from('x'));
  await backend.put('snapshots/tenants/t/1', Buffer.from('x'), 'secret');
  await backend.put('snapshots/tenants/t/1', Buffer.from('again'), 'secret');
  const secret = await stat(join(root, 'snapshots/tenants/t/1'));
  expect(secret.mode & 0o777).toBe(0o600 & GIVEN);
  await backend.remove('snapshots/tenants/t/1');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toHaveLength(3);
  for (const entry of entries) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect([entry.name, mode & 0o777]).toEqual([entry.name, (entry.isFile() ? 0o640 : 0o750) & GIVEN]);
  }
  for (const folder of [root, join(root, '..')]) expect((await stat(folder)).mode & 0o777).toBe(0o750 & GIVEN);
});
