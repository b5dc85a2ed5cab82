import { conditionsFor, type Pair } from './cases.js';
import type { FieldList } from './fields.js';
import { meets } from './filter.js';
import type { Item } from './links.js';
import { spread } from './pools.js';

export interface Packed {
  /** Filters of up to eight conditions, each of which decides on an item that the others leave as it is. */
  readonly telling: readonly (readonly unknown[])[];
  /** Filters of conditions that divide no items. */
  readonly idle: readonly (readonly unknown[])[];
  readonly idlePairs: readonly Pair[];
}

/** What few items meet is joined by `or`, what most meet by `and`: so conditions do not hide each other. */
type Joint = 'or' | 'and';

interface Case {
  readonly condition: readonly unknown[];
  readonly joint: Joint;
  /** The places of the items that meet it, or of those that do not, whichever are fewer. */
  readonly few: readonly number[];
}

const MOST_CONDITIONS = 8;
const MOST_TRIES = 16;

/** Tries each pair with a value that divides the items, if there is one, in as few filters as may be. */
export function packed(items: readonly Item[], known: FieldList, pairs: readonly Pair[]): Packed {
  const choices = pairs.map((pair) => ({ pair, cases: casesOf(items, known, pair) }));
  const idle = choices.filter(({ cases }) => !cases.some(divides));
  const telling: Case[][] = [];
  let left = choices.map(({ cases }) => cases.filter(divides)).filter(({ length }) => length > 0);
  while (left.length > 0) {
    for (const joint of ['or', 'and'] as const) {
      const [taken, rest] = takeFrom(left, joint);
      if (taken.length > 0) telling.push(taken);
      left = rest;
    }
  }
  return {
    telling: telling.map(joined),
    idle: inChunks(idle.flatMap(({ cases }) => cases.slice(0, 1))).map(joined),
    idlePairs: idle.map(({ pair }) => pair),
  };
}

function casesOf(items: readonly Item[], known: FieldList, pair: Pair): Case[] {
  return spread(conditionsFor(items, known, pair))
    .slice(0, MOST_TRIES)
    .map((condition) => {
      const met = items.map((item) => meets(item, condition, known));
      const isRare = met.filter((one) => one).length <= items.length / 2;
      return { condition, joint: isRare ? 'or' : 'and', few: [...met.keys()].filter((place) => met[place] === isRare) };
    });
}

function divides({ few }: Case): boolean {
  return few.length > 0;
}

/** Fills a filter with cases of one joint that leave each other something to decide, and gives the choices left over. */
function takeFrom(choices: readonly Case[][], joint: Joint): [Case[], Case[][]] {
  const taken: Case[] = [];
  const left = choices.filter((choice) => {
    const fit = choice
      .filter((one) => one.joint === joint && taken.length < MOST_CONDITIONS)
      .toSorted((a, b) => a.few.length - b.few.length)
      .find((one) => areAllTelling([...taken, one]));
    if (fit) taken.push(fit);
    return fit === undefined;
  });
  return [taken, left];
}

function areAllTelling(cases: readonly Case[]): boolean {
  const times = new Map<number, number>();
  for (const place of cases.flatMap(({ few }) => few)) times.set(place, (times.get(place) ?? 0) + 1);
  return cases.every(({ few }) => few.some((place) => times.get(place) === 1));
}

function joined(cases: readonly Case[]): unknown[] {
  return cases.flatMap(({ condition, joint }, index) => (index === 0 ? [condition] : [joint, condition]));
}

function inChunks(cases: readonly Case[]): Case[][] {
  const count = Math.ceil(cases.length / MOST_CONDITIONS);
  return Array.from({ length: count }, (_, i) => cases.slice(i * MOST_CONDITIONS, (i + 1) * MOST_CONDITIONS));
}
