import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, EndpointName } from '@linkhaul/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { createComparison } from '../src/diff/compare.js';
import { joinSides } from '../src/diff/join.js';
import { type DiffRecord, encodeRecord } from '../src/diff/record.js';
import { type Merged, mergeRuns } from '../src/sorting/merge-runs.js';
import { writeRuns } from '../src/sorting/write-runs.js';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-join-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Names that try the order: of other lengths, and with whatever an upstream may send. */
const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('a', 'ab', 'a"', 'a,', '+', '\\'));
const target = fc.constantFrom('a', 'a.b', 'ab', 'b', 'https://a/"', 'https://a/,', 'é');
const row = fc.record({
  known: fc.boolean(),
  items: fc.dictionary(name, fc.tuple(fc.integer({ min: 0, max: 2 }))),
});
const side = fc.dictionary(target, row);
type Side = Record<string, { known: boolean; items: Record<string, [number]> }>;

const rowOf = (target: string) => ({ id: null, line: 1, input: target });

function recordsOf(lists: Side): DiffRecord[] {
  return Object.entries(lists).flatMap(([of, { known, items }]) => [
    { target: of, item: null, row: rowOf(of), known, values: null },
    ...Object.entries(items).map(([item, values]) => ({
      target: of,
      item: [item],
      row: rowOf(of),
      known: true,
      values,
    })),
  ]);
}

/** Records in any order, in this number of sorted files. */
async function sorted(records: readonly DiffRecord[], runs: number): Promise<Merged> {
  const paths: string[] = [];
  for (let run = 0; run < runs; run++) {
    const some = records.filter((_, at) => at % runs === run).toReversed();
    const where = { folder, name: String(++files), signal: new AbortController().signal };
    paths.push(...(await writeRuns(batches(some), where)));
  }
  return mergeRuns(paths);
}

async function* batches(records: readonly DiffRecord[]): AsyncGenerator<readonly string[]> {
  yield records.map(encodeRecord);
}

async function changesOf(before: Merged, after: Merged, endpoint: EndpointName): Promise<string[]> {
  const fields = [{ name: 'rank', path: ['rank'], type: 'integer' as const }];
  const all: string[] = [];
  for await (const { change } of joinSides({ before, after }, createComparison({ endpoint, fields, minChange: 0 }))) {
    all.push(shown(change));
  }
  return all;
}

const shown = ({ key, change }: Change) => JSON.stringify([key.target, key.page ?? null, change]);

/** The same by looking each up. */
function model(before: Side, after: Side): string[] {
  const line = (of: string, item: string | null, what: string) => JSON.stringify([of, item, what]);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((of) => {
    const [old, now] = [before[of], after[of]];
    if (now === undefined) return [line(of, null, 'removed')];
    if (!now.known || old?.known === false) return [line(of, null, 'unknown')];
    const items = new Set([...Object.keys(old?.items ?? {}), ...Object.keys(now.items)]);
    return [...items].map((item) => {
      const [left, right] = [old?.items[item]?.[0], now.items[item]?.[0]];
      if (left === undefined) return line(of, item, 'new');
      if (right === undefined) return line(of, item, 'lost');
      return line(of, item, left === right ? 'same' : 'changed');
    });
  });
}

it('the join finds of every target and item what looking each up finds', async () => {
  await fc.assert(
    fc.asyncProperty(side, side, fc.integer({ min: 1, max: 5 }), async (before, after, runs) => {
      const [left, right] = [await sorted(recordsOf(before), runs), await sorted(recordsOf(after), runs + 1)];
      const found = await changesOf(left, right, 'domain_pages');
      expect(found.toSorted()).toEqual(model(before, after).toSorted());
    }),
    { numRuns: tries(40) },
  );
});

it('an item that comes twice counts once', async () => {
  const twice: DiffRecord[] = [1, 2, 3].map((rank) => ({
    target: 'a',
    item: ['x'],
    row: rowOf('a'),
    known: true,
    values: [rank],
  }));
  const own: DiffRecord = { target: 'a', item: null, row: rowOf('a'), known: true, values: null };
  const found = await changesOf(await sorted([own], 1), await sorted([own, ...twice], 2), 'domain_pages');
  expect(found).toEqual(['["a","x","new"]']);
});

it('more than memory may hold is merged from many files', async () => {
  const records = (step: number): DiffRecord[] =>
    Array.from({ length: 60_000 }, (_, at) => ({
      target: `d${(at * 7919) % 60_000}.com`,
      item: null,
      row: rowOf('x'),
      known: true,
      values: [at % step === 0 ? 'x'.repeat(300) : 'y'.repeat(300)],
    }));
  const where = { folder, name: 'many', signal: new AbortController().signal };
  const paths = await writeRuns(batches(records(2)), where);
  expect(paths.length).toBeGreaterThan(2);
  const found = await changesOf(await mergeRuns(paths), await sorted(records(4), 3), 'bulk_backlinks');
  expect(found).toHaveLength(60_000);
  expect(found.filter((line) => line.includes('changed'))).toHaveLength(15_000);
});

it('an abort ends the sorting', async () => {
  const where = { folder, name: 'aborted', signal: AbortSignal.abort() };
  await expect(writeRuns(batches([]), where)).rejects.toThrow('aborted');
});
