import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENDPOINTS } from '@linkhaul/schemas';
import {
  type Backend,
  CALLS_PER_PART,
  parseStorageUrl,
  paths,
  ROWS_PER_PART,
  readPlanPart,
  type ValidRow,
  writeRows,
} from '@linkhaul/storage';
import { expect, onTestFinished, test } from 'vitest';
import { writeJobPlan } from '../src/stages/write-job-plan.js';

const job = { tenant: 'tenant', id: 'job_1' };

async function openStorage(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-plan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = parseStorageUrl(pathToFileURL(folder).href)?.open({ url: '', prefix: '' });
  if (storage === undefined) throw new Error('this is no storage');
  await storage.claim('inst_test');
  return storage;
}

/** A page a row on every second line; each seventh row asks for the page that stood six rows before. */
function rowsOf(count: number): ValidRow[] {
  return Array.from({ length: count }, (_, at) => {
    const first = at % 7 === 6 ? at - 6 : at;
    const target = `https://site${first % 500}.com/ü/${first}`;
    return {
      line: 2 * at + 1,
      input: at % 3 === 0 ? target : ` ${target}`,
      id: at % 5 === 0 ? `"${at}"` : null,
      target,
      kind: 'page',
      duplicateOf: first === at ? null : 2 * first + 1,
    };
  });
}

async function store(storage: Backend, rows: readonly ValidRow[]): Promise<number> {
  const writer = writeRows(storage, job);
  for (const row of rows) await writer.valid(row);
  return (await writer.finish()).rowParts;
}

test.each(['bulk_backlinks', 'bulk_pages_summary', 'domain_pages_summary'] as const)(
  'a plan of %s has every row once, duplicates with the row that is bought, and is the same when written again',
  async (name) => {
    const [storage, endpoint] = [await openStorage(), ENDPOINTS[name]];
    const rows = rowsOf(ROWS_PER_PART + 2500);
    const rowParts = await store(storage, rows);
    const { targets, roots } = await writeJobPlan(storage, job, { endpoint, rowParts });
    const distinct = rows.filter(({ duplicateOf }) => duplicateOf === null);
    expect([rowParts, targets]).toEqual([2, distinct.length]);
    expect(roots).toBe(endpoint.kind === 'bulk' ? Math.ceil(targets / 1000) : targets);

    const parts = Math.ceil(roots / CALLS_PER_PART[endpoint.kind]);
    const calls = (await Promise.all(Array.from({ length: parts }, (_, at) => readPlanPart(storage, job, at)))).flat();
    expect(calls).toHaveLength(roots);
    const planned = calls
      .flat()
      .flatMap(({ target, kind, rows: [first, ...others] }) => [
        { ...first, target, kind, duplicateOf: null },
        ...others.map((row) => ({ ...row, target, kind, duplicateOf: first.line })),
      ])
      .sort((a, b) => a.line - b.line);
    expect(planned).toEqual(rows);

    const bytes = () => Promise.all(Array.from({ length: parts }, (_, at) => storage.get(paths.plan(job, at))));
    const written = await bytes();
    expect(await writeJobPlan(storage, job, { endpoint, rowParts })).toEqual({ targets, roots });
    expect(await bytes()).toEqual(written);
  },
);

test('a job without valid rows has a plan without calls; a duplicate of no row is an error', async () => {
  const storage = await openStorage();
  const endpoint = ENDPOINTS.bulk_pages_summary;
  expect(await writeJobPlan(storage, job, { endpoint, rowParts: 0 })).toEqual({ targets: 0, roots: 0 });
  const [row] = rowsOf(1);
  if (row === undefined) throw new Error('there is no row');
  await store(storage, [{ ...row, duplicateOf: 7 }]);
  await expect(writeJobPlan(storage, job, { endpoint, rowParts: 1 })).rejects.toThrow('no row stands on line 7');
});
