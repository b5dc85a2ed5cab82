import { availableFilters } from '@linkhaul/schemas/vendor';
import { expect, test } from 'vitest';
import { ANSWERS } from '../src/answers/index.js';
import type { FieldTable } from '../src/filters/fields.js';

/** The types of columns, which filters are compiled by. */
function typesOf({ fields, maps }: FieldTable): Record<string, string> {
  return Object.fromEntries([
    ...[...fields].map(([name, { type }]) => [name, type]),
    ...[...maps].map(([name, { type }]) => [`${name}.*`, type]),
  ]);
}

const listed = Object.entries(ANSWERS).flatMap(([name, answer]): [string, Record<string, string>][] => {
  if ('fields' in answer) return [[name, typesOf(answer.fields)]];
  if (!('fieldsOf' in answer)) return [];
  const ofEach = Object.entries(typesOf(answer.fieldsOf('page'))).map(([field, type]) => [`$key.${field}`, type]);
  return [[name, Object.fromEntries([...ofEach, ['intersections_count', 'num']])]];
});

test.each(listed)('the fields of %s that filters may name have the types of their columns', (name, types) => {
  expect(availableFilters()[name]).toEqual(types);
});

test('no other endpoint has any', () => {
  expect(Object.keys(availableFilters()).toSorted()).toEqual(listed.map(([name]) => name).toSorted());
});
