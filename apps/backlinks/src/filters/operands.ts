import { timeOf } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Param } from '../graph/statements.js';
import type { FieldType } from './fields.js';

/** Numbers may be given as texts. */
const NUMBER = z
  .union([z.number(), z.string().regex(/^\s*[+-]?\d+(\.\d+)?\s*$/)])
  .transform(Number)
  .refine(Number.isFinite);
const TEXT = z.union([z.string(), z.number().transform(String)]);
const FLAG = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
/** Refuses days that do not exist, such as 30 February: JavaScript would read a day in March, and DuckDB would fail. */
const TIME = z
  .string()
  .transform((text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00 +00:00` : text))
  .refine((text) => timeOf(text) !== null)
  .transform((text) => text.replace(' +00:00', ''));

const OPERANDS = { num: NUMBER, str: TEXT, time: TIME, bool: FLAG, 'array.str': TEXT, 'array.num': NUMBER } as const;

/** Keeps one condition with a list from costing more than the eight conditions that a filter may have. */
const MAX_LISTED = 1000;

/** The value that a condition on a field of this type compares with; null if it is invalid. */
export function operandOf(type: FieldType, value: unknown): string | number | boolean | null {
  const parsed = OPERANDS[type].safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The values of `in`; null if one of them is invalid, or if there are none or too many. */
export function listedOperands(type: FieldType, values: unknown): Param | null {
  if (!Array.isArray(values) || values.length === 0 || values.length > MAX_LISTED) return null;
  const parsed = values.map((value) => operandOf(type, value));
  if (parsed.every((value) => typeof value === 'number')) return parsed;
  if (parsed.every((value) => typeof value === 'string')) return parsed;
  return null;
}
