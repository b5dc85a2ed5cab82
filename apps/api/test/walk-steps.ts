import fc from 'fast-check';
import { expect } from 'vitest';
import { ask, jobOf, ndjsonOf, pagesOf } from './http.js';
import { inputOfBulk, inputOfLists, lineOf, type Walked } from './walk-model.js';

const list = fc.record({
  pages: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
  fails: fc.boolean(),
});

export interface Step {
  readonly kind: keyof typeof STEPS;
  readonly number: number;
}

export const STEPS = {
  settle: (walk: Walked, number: number) => walk.settleAny(number),
  read: (walk: Walked, number: number) => walk.readOn(1 + (number % 4)),
  rows: (walk: Walked, number: number) => walk.checkRows(1 + (number % 4)),
  plan: (walk: Walked) => walk.plan(),
  cancel: (walk: Walked) => walk.worker.act('cancel'),
};

const stepOf = (kind: Step['kind']) => fc.record({ kind: fc.constant(kind), number: fc.nat() });
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: stepOf('settle') },
  { weight: 4, arbitrary: stepOf('read') },
  { weight: 1, arbitrary: stepOf('rows') },
  { weight: 1, arbitrary: stepOf('plan') },
);

export const lists = fc
  .tuple(fc.array(list, { minLength: 3, maxLength: 12 }), fc.integer({ min: 0, max: 2 }))
  .map(([all, invalid]) => inputOfLists(all, invalid));

const target = fc.record({
  bad: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
  refused: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
  missing: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
});

export const bulk = fc
  .tuple(fc.array(target, { minLength: 2, maxLength: 24 }), fc.integer({ min: 1, max: 9 }))
  .map(([all, targetsPerCall]) => inputOfBulk(all, targetsPerCall));

/** Settles what is open, the last call first, until nothing is. */
export async function settleAll(walk: Walked): Promise<void> {
  for (let sending = await walk.worker.send(); sending.length > 0; sending = await walk.worker.send()) {
    for (const call of sending.reverse()) await walk.settle(call);
    await walk.readOn(2);
  }
  await walk.worker.finish();
  expect(jobOf(await ask(walk.url)).finished_at).not.toBeNull();
}

/** What is true of a finished job that the client has walked through. */
export async function checkWhole(walk: Walked): Promise<void> {
  while (!walk.done) await walk.readOn(3);
  const whole = await ndjsonOf(walk.url, 'results');
  expect(walk.read.toSorted()).toEqual(whole.toSorted());
  expect(new Set(whole).size).toBe(whole.length);
  expect(await pagesOf(walk.url, 'results', { limit: '1' })).toEqual(whole);
  expect(new Set(whole.map(lineOf))).toEqual(new Set(walk.everyLine));
  expect(doubles(whole)).toEqual([]);
  await walk.checkRows(1);
  await walk.checkCost();
}

/** Places in the list of a row that two results claim. */
function doubles(lines: readonly string[]): string[] {
  const places = lines.map((text) => {
    const { line, position, status }: { line: number; position: number | null; status: string } = JSON.parse(text);
    return `${line}/${position ?? status}`;
  });
  return places.filter((place, at) => places.indexOf(place) !== at);
}
