import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createDistinctTargets, planCalls } from '@linkhaul/jobs';
import { callShapeOf, ENDPOINTS, type EndpointName, registrableDomain } from '@linkhaul/schemas';
import {
  type Backend,
  CALLS_PER_PART,
  type JobRef,
  type PlannedTarget,
  parseStorageUrl,
  paths,
  readRowPart,
  type ValidRow,
  writePlan,
  writeRows,
} from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { type PlanProgress, writeJobPlan } from '../../src/plan/write-job-plan.js';
import { packedTargets } from '../../src/retry/packed-targets.js';

const job = { tenant: 'tenant', id: 'job_1' };
/** The number of short rows that fill a part. */
const ROWS_A_PART = 10_000;
const NAMES = ['bulk_backlinks', 'bulk_pages_summary', 'domain_pages_summary'] as const;

async function openStorage(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-plan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = parseStorageUrl(pathToFileURL(folder).href)?.open({
    address: { kind: 'server', url: '' },
    prefix: '',
  });
  if (storage === undefined) throw new Error('this is no storage');
  await storage.claim('inst_test');
  return storage;
}

interface Form {
  readonly count: number;
  /** Every n-th row is a duplicate of the row n - 1 before it. 0: no duplicates. */
  readonly again: number;
  /** Every n-th page is there with both schemes, which have one match key. 0: none. */
  readonly alike: number;
}

/** Rows on every second line, each with a page. Some inputs, ids and targets need escapes. */
function rowsOf({ count, again, alike }: Form): ValidRow[] {
  return Array.from({ length: count }, (_, at) => {
    const first = again > 0 && at % again === again - 1 ? at - again + 1 : at;
    const target = targetAt(first, alike > 0 && first % alike === 1);
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

/** The page of a row. If it is to be alike: that of the row before, with the other scheme. */
function targetAt(row: number, isAlike: boolean): string {
  const page = isAlike ? row - 1 : row;
  return `${isAlike ? 'http' : 'https'}://site${page % 500}.com/${page % 11 === 0 ? 'ü"\\' : 'p'}/${page}`;
}

/** Stores rows as a submission does. `isOld` rows lack what an earlier release did not store. */
async function store(storage: Backend, rows: readonly ValidRow[], isOld = false): Promise<void> {
  const distinct = createDistinctTargets(true);
  const writer = writeRows(storage, job);
  for (const row of rows) {
    await writer.valid(row, distinct.take(row.line, { ...row, domain: registrableDomain(row.target) }));
  }
  const { rowParts } = await writer.finish();
  for (let part = 0; isOld && part < rowParts; part++) {
    const { lines } = await readRowPart(storage, job, part);
    await storage.put(paths.rows(job, part), gzipSync(lines));
  }
}

/** The targets with their rows, computed the simple way, with all rows as objects in memory. */
function targetsOf(rows: readonly ValidRow[]): PlannedTarget[] {
  const byLine = new Map<number, { target: string; kind: 'page'; rows: [ValidRow, ...ValidRow[]] }>();
  for (const row of rows) {
    const first = byLine.get(row.duplicateOf ?? row.line);
    if (first === undefined) byLine.set(row.line, { target: row.target, kind: 'page', rows: [row] });
    else first.rows.push(row);
  }
  return [...byLine.values()].map(({ target, kind, rows: [first, ...others] }) => ({
    target,
    kind,
    rows: [plain(first), ...others.map(plain)],
  }));
}

function plain({ line, input, id }: ValidRow) {
  return { line, input, id };
}

async function bytesOf(storage: Backend, ref: JobRef, parts: number): Promise<(Buffer | null)[]> {
  return Promise.all(Array.from({ length: parts + 1 }, (_, at) => storage.get(paths.plan(ref, at))));
}

async function write(
  storage: Backend,
  name: EndpointName,
  { rows, keysDiffer }: { rows: readonly ValidRow[]; keysDiffer: boolean },
) {
  const targets = rows.filter(({ duplicateOf }) => duplicateOf === null).length;
  const rowParts = Math.ceil(rows.length / ROWS_A_PART);
  const stored = { endpoint: ENDPOINTS[name], rowParts, targets, duplicates: rows.length - targets, keysDiffer };
  const seen: PlanProgress[] = [];
  const onStored = async (progress: PlanProgress) => {
    const parts = Math.ceil(progress.stored / CALLS_PER_PART[callShapeOf(ENDPOINTS[name])]);
    // The parts that were reported as stored can be read.
    expect((await bytesOf(storage, job, parts)).slice(0, parts)).not.toContain(null);
    seen.push(progress);
  };
  const roots = await writeJobPlan(storage, job, { rows: stored, onStored });
  return { roots, seen };
}

const forms = fc.record({
  count: fc.constantFrom(0, 1, 999, 1001, 2000, ROWS_A_PART + 1),
  again: fc.constantFrom(0, 0, 2, 7),
  alike: fc.constantFrom(0, 0, 2, 9),
  isOld: fc.boolean(),
});

test.each(NAMES)(
  'a plan of %s is to the byte that of targets packed all at once, however its rows are read, and is said as it comes',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(forms, async (form) => {
        const [storage, endpoint] = [await openStorage(), ENDPOINTS[name]];
        const rows = rowsOf(form);
        await store(storage, rows, form.isOld);
        const targets = targetsOf(rows);
        const packed = await planCalls(
          endpoint,
          targets.map(({ target }) => target),
        );
        const reference = { tenant: 'tenant', id: 'job_2' };
        const callsPerPart = CALLS_PER_PART[endpoint.kind];
        const calls = await writePlan(storage, reference, { calls: packedTargets(targets, packed), callsPerPart });
        const expected = await bytesOf(storage, reference, Math.ceil(calls / callsPerPart));

        const ways = form.alike === 0 || form.count < 2 ? [true, false] : [false];
        for (const keysDiffer of ways) {
          const { roots, seen } = await write(storage, name, { rows, keysDiffer });
          expect(roots).toBe(calls);
          expect(await bytesOf(storage, job, Math.ceil(calls / callsPerPart))).toEqual(expected);
          const stored = seen.map((progress) => progress.stored);
          expect(stored).toEqual(stored.toSorted((a, b) => a - b));
          expect(seen.every((progress) => progress.roots === calls)).toBe(true);
          expect(stored.at(-1)).toBe(calls);
        }
      }),
      { numRuns: tries(2) },
    );
  },
);

test.each(['bulk_backlinks', 'domain_pages_summary'] as const)(
  'the first calls of %s are stored before later rows are read',
  async (name) => {
    const storage = await openStorage();
    const rows = rowsOf({ count: 3 * ROWS_A_PART, again: 0, alike: 0 });
    await store(storage, rows);
    await storage.remove(paths.rows(job, 2));
    const seen: PlanProgress[] = [];
    const stored = { endpoint: ENDPOINTS[name], rowParts: 3, targets: rows.length, duplicates: 0, keysDiffer: true };
    const writing = writeJobPlan(storage, job, {
      rows: stored,
      onStored: async (progress) => void seen.push(progress),
    });
    await expect(writing).rejects.toThrow('storage does not have');
    expect(seen[0]?.stored).toBe(name === 'bulk_backlinks' ? 1 : 1000);
  },
);

test('a duplicate of a missing row, or one that was not counted, is an error', async () => {
  const storage = await openStorage();
  const [row] = rowsOf({ count: 1, again: 0, alike: 0 });
  if (row === undefined) throw new Error('there is no row');
  await store(storage, [{ ...row, duplicateOf: 7 }]);
  const stored = { endpoint: ENDPOINTS.bulk_pages_summary, rowParts: 1, targets: 0, duplicates: 1, keysDiffer: true };
  const onStored = async () => undefined;
  await expect(writeJobPlan(storage, job, { rows: stored, onStored })).rejects.toThrow('line 7, which has no row');
  const uncounted = { ...stored, targets: 1, duplicates: 0 };
  await expect(writeJobPlan(storage, job, { rows: uncounted, onStored })).rejects.toThrow('accepted with none');
});
