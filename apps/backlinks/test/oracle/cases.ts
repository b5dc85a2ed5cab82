import { type FieldList, OPERATORS } from './fields.js';
import { fieldOf } from './filter.js';
import type { Item } from './links.js';
import { otherName, poolOf } from './pools.js';
import { wantedFor } from './values.js';

/** A field and an operator that are to be tried together, with null or with a value of the field's own. */
export interface Pair {
  readonly name: string;
  readonly operator: string;
  readonly withNull: boolean;
}

/** Each field with each operator of its type, every other time by the field's other name. */
export function everyOperator(names: readonly string[], known: FieldList, without: readonly string[] = []): Pair[] {
  const pairs = names.flatMap((name) => {
    const operators = OPERATORS[fieldOf(name, known).type].filter((operator) => !without.includes(operator));
    return operators.map((operator) => ({ name, operator, withNull: false }));
  });
  return pairs.map((pair, index) => (index % 2 === 0 ? pair : { ...pair, name: otherName(pair.name) }));
}

export function everyNull(names: readonly string[]): Pair[] {
  return names.flatMap((name) => ['=', '<>'].map((operator) => ({ name, operator, withNull: true })));
}

/** Conditions that fit some items and not others, if any does. */
export function conditionsFor(items: readonly Item[], known: FieldList, { name, operator, withNull }: Pair) {
  const { type, values } = poolOf(items, known, name);
  const wanted = withNull ? [null] : values.flatMap((value) => wantedFor(type, operator, value));
  return wanted.map((value): readonly unknown[] => [name, operator, value]);
}
