import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startWorld } from './harness.js';

const run = promisify(execFile);

let folder: string;
/** A separate disk of one megabyte needs root. Without root the test is skipped. */
let mounted = false;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const mount = run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  mounted = await mount.then(
    () => true,
    () => false,
  );
});
afterAll(async () => {
  if (mounted) await run('umount', [folder]);
  await rm(folder, { recursive: true, force: true });
});

it('a full disk makes the service unready, and says so, until there is room', async ({ skip }) => {
  skip(!mounted);
  await mkdir(join(folder, 'storage'));
  const storage = pathToFileURL(join(folder, 'storage')).href;
  const world = await startWorld({ workers: 1, env: { STORAGE_URL: storage } });
  onTestFinished(() => world.stop());
  const ports = [new URL(world.apiUrl).port, ...world.workers.map(({ port }) => port)];
  const readiness = () =>
    Promise.all(
      ports.map(async (port) => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        return { status: response.status, body: await response.text() };
      }),
    );
  const ready = ports.map(() => ({ status: 200, body: expect.stringContaining('"storage":"ok"') }));
  expect(await readiness()).toEqual(ready);

  // Filled to the last byte: otherwise an empty file would still fit.
  await writeFile(join(folder, 'full'), Buffer.alloc(2 * 1024 * 1024)).catch(() => undefined);
  expect(await readiness()).toEqual(ports.map(() => ({ status: 503, body: expect.stringContaining('ENOSPC') })));

  await rm(join(folder, 'full'));
  expect(await readiness()).toEqual(ready);
});
