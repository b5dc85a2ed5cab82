import type { ConditionName } from '../graph/shared-functions.js';
import type { Bindings } from './bindings.js';
import type { Field, FieldType } from './fields.js';
import { listedOperands, operandOf } from './operands.js';

/** RE2 takes time by the length of the pattern; the limit is the upstream's. */
const MAX_PATTERN_LENGTH = 1000;

/** A condition on a value: its function, and the placeholder of what it compares with. */
interface Test {
  readonly name: ConditionName;
  readonly operand: string;
}

/** Null where the operator does not take this value. */
type TestOf = (type: FieldType, value: unknown, bindings: Bindings) => Test | null;

interface Operator {
  readonly types: readonly FieldType[];
  readonly test: TestOf;
  readonly negated: boolean;
}

const ORDERED: readonly FieldType[] = ['num', 'str', 'time'];
const TEXTS: readonly FieldType[] = ['str', 'array.str'];
const LISTS: readonly FieldType[] = ['array.str', 'array.num'];
const ANY: readonly FieldType[] = ['num', 'str', 'time', 'bool', ...LISTS];

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['<', one(ORDERED, compared('is_less'))],
  ['<=', one(ORDERED, compared('is_at_most'))],
  ['>', one(ORDERED, compared('is_more'))],
  ['>=', one(ORDERED, compared('is_at_least'))],
  ...both(['=', '<>'], ANY, compared('is_same')),
  ...both(['in', 'not_in'], [...ORDERED, ...LISTS], listed),
  ...both(['like', 'not_like'], TEXTS, likened('is_like')),
  ...both(['ilike', 'not_ilike'], TEXTS, likened('is_ilike')),
  ...both(['match', 'not_match'], TEXTS, worded),
  ...both(['regex', 'not_regex'], TEXTS, expressed),
  ...both(['has', 'has_not'], LISTS, compared('is_same')),
]);

export interface Condition {
  readonly field: Field;
  readonly operator: string;
  readonly value: unknown;
}

/** The elements of a list are judged one by one. */
const ELEMENTS: Partial<Record<FieldType, FieldType>> = { 'array.str': 'str', 'array.num': 'num' };

/**
 * SQL of one condition; null where the field's type, the operator and the value do not go together. A field without a
 * value meets no condition, a negated one neither; only `= null` finds it.
 */
export function conditionSql({ field, operator, value }: Condition, bindings: Bindings): string | null {
  const known = OPERATORS.get(operator);
  if (known === undefined || !known.types.includes(field.type)) return null;
  const element = ELEMENTS[field.type];
  const isNull = element === undefined ? `${field.sql} IS NULL` : `is_no_list(${field.sql})`;
  if (value === null) {
    if (operator !== '=' && operator !== '<>') return null;
    return operator === '=' ? `(${isNull})` : `(NOT ${isNull})`;
  }
  const test = known.test(element ?? field.type, value, bindings);
  if (test === null) return null;
  const met = `${element === undefined ? '' : 'any_'}${test.name}(${field.sql}, ${test.operand})`;
  return known.negated ? `(NOT ${isNull} AND NOT ${met})` : met;
}

function one(types: readonly FieldType[], test: TestOf, negated = false): Operator {
  return { types, test, negated };
}

function both([name, opposite]: [string, string], types: readonly FieldType[], test: TestOf): [string, Operator][] {
  return [
    [name, one(types, test)],
    [opposite, one(types, test, true)],
  ];
}

function compared(name: ConditionName): TestOf {
  return (type, value, bindings) => {
    const operand = operandOf(type, value);
    return operand === null
      ? null
      : { name, operand: `${bindings.bind(operand)}${type === 'time' ? '::TIMESTAMP' : ''}` };
  };
}

function listed(type: FieldType, values: unknown, bindings: Bindings): Test | null {
  const operands = listedOperands(type, values);
  if (operands === null) return null;
  return { name: 'is_one_of', operand: `${bindings.bind(operands)}${type === 'time' ? '::TIMESTAMP[]' : ''}` };
}

/** `%` is any text; every other character stands for itself, so that SQL's own wildcard and escape are escaped. */
function likened(name: 'is_like' | 'is_ilike'): TestOf {
  return (type, value, bindings) => {
    const text = operandOf(type, value);
    return typeof text === 'string' ? { name, operand: bindings.bind(text.replace(/[\\_]/g, '\\$&')) } : null;
  };
}

/** Every word of the value is a word of the text, in any case. */
function worded(type: FieldType, value: unknown, bindings: Bindings): Test | null {
  const text = operandOf(type, value);
  const words = String(text ?? '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return words.length === 0 ? null : { name: 'has_words', operand: bindings.bind(words) };
}

function expressed(type: FieldType, value: unknown, bindings: Bindings): Test | null {
  const pattern = operandOf(type, value);
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN_LENGTH) return null;
  return { name: 'is_matched', operand: bindings.bindPattern(pattern) };
}
