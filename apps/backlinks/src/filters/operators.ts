import type { Bindings } from './bindings.js';
import type { Field, FieldType } from './fields.js';
import { listedOperands, operandOf } from './operands.js';

/** RE2 takes time by the length of the pattern; the limit is the upstream's. */
const MAX_PATTERN_LENGTH = 1000;

/** SQL that is true where the condition is met, or null where the operator does not take this value. */
type Positive = (field: Field, value: unknown, bindings: Bindings) => string | null;

interface Operator {
  readonly types: readonly FieldType[];
  readonly sql: Positive;
  readonly negated: boolean;
}

const ORDERED: readonly FieldType[] = ['num', 'str', 'time'];
const TEXTS: readonly FieldType[] = ['str', 'array.str'];
const LISTS: readonly FieldType[] = ['array.str', 'array.num'];
const ANY: readonly FieldType[] = ['num', 'str', 'time', 'bool', ...LISTS];

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...['<', '<=', '>', '>='].map((sign): [string, Operator] => [sign, one(ORDERED, compared(sign))]),
  ...both(['=', '<>'], ANY, compared('=')),
  ...both(['in', 'not_in'], [...ORDERED, ...LISTS], listed),
  ...both(['like', 'not_like'], TEXTS, likened('LIKE')),
  ...both(['ilike', 'not_ilike'], TEXTS, likened('ILIKE')),
  ...both(['match', 'not_match'], TEXTS, worded),
  ...both(['regex', 'not_regex'], TEXTS, expressed),
  ...both(['has', 'has_not'], LISTS, compared('=')),
]);

export interface Condition {
  readonly field: Field;
  readonly operator: string;
  readonly value: unknown;
}

/**
 * SQL of one condition; null where the field's type, the operator and the value do not go together. A field without a
 * value meets no condition, a negated one neither; only `= null` finds it.
 */
export function conditionSql({ field, operator, value }: Condition, bindings: Bindings): string | null {
  const known = OPERATORS.get(operator);
  if (known === undefined || !known.types.includes(field.type)) return null;
  if (value === null) {
    if (operator !== '=' && operator !== '<>') return null;
    return `${field.sql} IS ${operator === '=' ? '' : 'NOT '}NULL`;
  }
  const met = inAny(known.sql)(field, value, bindings);
  if (met === null) return null;
  return known.negated ? `(${field.sql} IS NOT NULL AND NOT ${met})` : met;
}

/** The elements of a list are judged one by one. */
const ELEMENTS: Partial<Record<FieldType, FieldType>> = { 'array.str': 'str', 'array.num': 'num' };

function inAny(met: Positive): Positive {
  return (field, value, bindings) => {
    const type = ELEMENTS[field.type];
    if (type === undefined) return met(field, value, bindings);
    const element = met({ type, sql: 'element' }, value, bindings);
    return element === null ? null : `(len(list_filter(${field.sql}, lambda element: ${element})) > 0)`;
  };
}

function one(types: readonly FieldType[], sql: Positive, negated = false): Operator {
  return { types, sql, negated };
}

function both([name, opposite]: [string, string], types: readonly FieldType[], sql: Positive): [string, Operator][] {
  return [
    [name, one(types, sql)],
    [opposite, one(types, sql, true)],
  ];
}

function compared(sign: string): Positive {
  return (field, value, bindings) => {
    const operand = operandOf(field.type, value);
    return operand === null ? null : `(${field.sql} ${sign} ${bindings.bind(operand)}${castOf(field.type)})`;
  };
}

function listed(field: Field, values: unknown, bindings: Bindings): string | null {
  const operands = listedOperands(field.type, values);
  const cast = field.type === 'time' ? '::TIMESTAMP[]' : '';
  return operands === null ? null : `list_contains(${bindings.bind(operands)}${cast}, ${field.sql})`;
}

/** `%` is any text; every other character stands for itself, so that SQL's own wildcard and escape are escaped. */
function likened(word: 'LIKE' | 'ILIKE'): Positive {
  return (field, value, bindings) => {
    const text = operandOf(field.type, value);
    if (typeof text !== 'string') return null;
    return `(${field.sql} ${word} ${bindings.bind(text.replace(/[\\_]/g, '\\$&'))} ESCAPE '\\')`;
  };
}

/** Every word of the value is a word of the text, in any case. */
function worded(field: Field, value: unknown, bindings: Bindings): string | null {
  const text = operandOf(field.type, value);
  const words = String(text ?? '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  return `list_has_all(regexp_split_to_array(lower(${field.sql}), '[^\\pL\\pN]+'), ${bindings.bind(words)})`;
}

function expressed(field: Field, value: unknown, bindings: Bindings): string | null {
  const pattern = operandOf(field.type, value);
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN_LENGTH) return null;
  return `regexp_matches(${field.sql}, ${bindings.bindPattern(pattern)})`;
}

function castOf(type: FieldType): string {
  return type === 'time' ? '::TIMESTAMP' : '';
}
