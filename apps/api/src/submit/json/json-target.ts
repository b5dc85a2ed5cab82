import { z } from 'zod';
import { unknownName } from '../../request/field-errors.js';
import { rowOfSet } from '../sets.js';
import type { InputRow } from '../submission.js';

const TARGET_FIELDS = ['target', 'id'];

/** Counted in characters. */
export const MAX_ID_LENGTH = 255;

const id = z
  .string()
  .max(MAX_ID_LENGTH)
  // Half of a surrogate pair has no UTF-8 form: it would be stored as another character.
  .refine((text) => !/\p{Cs}/u.test(text), 'must be well-formed Unicode');

const one = z.string();
const several = z.array(z.string()).min(1).describe('A set of targets; `-` stands before an excluded one.');
const named = z.strictObject({ target: z.union([one, several]), id: id.optional() });

/** A target in JSON, or a set of them, in a body or on an NDJSON line. */
export const target = z.union([one, several, named]);

export const TARGET_FORM = `must be a string, a list of strings where the endpoint takes sets of targets, or { "target", "id" } with each name once and an id of at most ${MAX_ID_LENGTH} characters, in well-formed Unicode`;

export interface GivenTarget {
  readonly target: string | readonly string[];
  readonly id: string | null;
}

/** Null if the value has another form: see `TARGET_FORM`. An empty id counts as none, like an empty field of a CSV. */
export function parseTarget(value: unknown): GivenTarget | null {
  // Not by the union, which tries every form and makes an issue of each that does not fit.
  if (typeof value === 'string') return { target: value, id: null };
  if (Array.isArray(value)) return several.safeParse(value).success ? { target: value, id: null } : null;
  const { success, data } = named.safeParse(value);
  return success ? { target: data.target, id: data.id || null } : null;
}

/** What is wrong with a field of a target; null if it has one of this name. */
export function faultOfField(name: string): string | null {
  if (TARGET_FIELDS.includes(name)) return null;
  const says = unknownName(name, TARGET_FIELDS);
  return says.endsWith('?') ? says : `${says}: a row is a string or { "target", "id" }.`;
}

/** What is wrong with an id that is not a string, as ids from a database often are; null if the error is another one. */
export function faultOfId(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  if (value.id === null) return '`id` is null: leave it out where a row has none.';
  return typeof value.id === 'number' ? `\`id\` is the number ${value.id}: send it as text, "${value.id}".` : null;
}

/** The row of a target that stands on a line. */
export function rowOfTarget(line: number, { target, id }: GivenTarget): InputRow {
  return typeof target === 'string' ? { line, input: target, id } : rowOfSet({ line, id }, target);
}
