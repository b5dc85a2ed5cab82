import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES, runCase } from '@linkhaul/chaos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { environment } from '../env.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-chaos-graph-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(CASES.map((one) => [one.name, one] as const))('no row, no call and no cent is lost: %s', async (_, one) => {
  const { faults } = await runCase(one, { given: environment, graph: join(folder, 'graph.duckdb') });
  expect(faults).toEqual([]);
});
