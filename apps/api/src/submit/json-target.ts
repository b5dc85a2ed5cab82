import { z } from 'zod';

export const TARGET_FIELDS = ['target', 'id'];

/** In characters. */
export const MAX_ID_LENGTH = 255;

const id = z
  .string()
  .max(MAX_ID_LENGTH)
  // Half of a surrogate pair has no UTF-8 form: it would come back as another character.
  .refine((text) => !/\p{Cs}/u.test(text), 'must be well-formed Unicode');

const named = z.strictObject({ target: z.string(), id: id.optional() });

/** A target as JSON has it, in a body or on a line. */
export const target = z.union([z.string(), named]);

export const TARGET_FORM = `must be a string, or { "target", "id" } with each name once and an id of at most ${MAX_ID_LENGTH} characters, in well-formed Unicode`;

export interface GivenTarget {
  readonly target: string;
  readonly id: string | null;
}

/** Null for what has another form: see `TARGET_FORM`. An empty id is none, as an empty field of a CSV is. */
export function parseTarget(value: unknown): GivenTarget | null {
  // Not by the union, which tries one form after the other and makes a fault of each that does not fit.
  if (typeof value === 'string') return { target: value, id: null };
  const { success, data } = named.safeParse(value);
  return success ? { target: data.target, id: data.id || null } : null;
}

/** Says what is wrong with an id that is not text, as those out of a database often are; null where that is not the fault. */
export function faultOfId(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  if (value.id === null) return '`id` is null: leave it out where a row has none.';
  return typeof value.id === 'number' ? `\`id\` is the number ${value.id}: send it as text, "${value.id}".` : null;
}
