import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateClients } from '../generators/generate.js';
import { startWorld, type World } from '../harness.js';

const run = promisify(execFile);

let world: World;
let dir: string;

beforeAll(async () => {
  [world, dir] = await Promise.all([startWorld({ workers: 1 }), mkdtemp(join(tmpdir(), 'linkhaul-generated-'))]);
  await generateClients(await (await fetch(`${world.apiUrl}/openapi.json`)).text(), dir);
  const tsc = join(repositoryRoot, 'node_modules', '.bin', 'tsc');
  await run(tsc, [], { cwd: dir }).catch((error: { stdout?: string }) => {
    throw new Error(error.stdout ?? String(error));
  });
}, 240_000);
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

it.each([
  ['openapi-typescript and openapi-fetch', 'openapi-fetch', 'fetch'],
  ['@hey-api/openapi-ts', 'hey-api', 'hey'],
])('a client that %s makes compiles, submits and reads', async (_, program, tag) => {
  const { stdout } = await run(process.execPath, [join(dir, 'dist', `${program}.mjs`), world.apiUrl]);
  expect(JSON.parse(stdout)).toEqual({
    total: 3,
    results: expect.arrayContaining(['3 invalid']),
    lines: 3,
    rows: 2,
    estimated: 3,
    used: expect.arrayContaining([`${tag} bulk_backlinks`]),
    compared: 2,
    refused: 422,
  });
});
