import { TARGET_KINDS, type TargetKind } from '@linkhaul/schemas';

/** A row with a target. `duplicateOf` is the line of the first row with the same target. */
export interface ValidRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly target: string;
  readonly kind: TargetKind;
  readonly duplicateOf: number | null;
}

/** A stored row has the position of its kind in this list. */
const KINDS: readonly TargetKind[] = TARGET_KINDS;

/**
 * A row as a line of JSON, the same in a part of rows and in a plan, such as `[7,"a.com",0]`. `input` is 0 if it equals the
 * target. `input`, `id` and `first` (the first row's line) are left out if all three say nothing, as in most rows.
 */
export type EncodedRow = [
  line: number,
  target: string,
  kind: number,
  input?: string | 0,
  id?: string | null,
  first?: number | null,
];

export function encodeRow({ line, input, id, target, kind, duplicateOf }: ValidRow): string {
  const place = KINDS.indexOf(kind);
  // Writes the JSON of an array without making the array.
  const text = quoted(target);
  const inputText = input === target ? 0 : quoted(input);
  if (id !== null) return `[${line},${text},${place},${inputText},${quoted(id)},${duplicateOf}]`;
  if (duplicateOf !== null) return `[${line},${text},${place},${inputText},null,${duplicateOf}]`;
  return inputText === 0 ? `[${line},${text},${place}]` : `[${line},${text},${place},${inputText},null,null]`;
}

/** Printable ASCII without quotation marks and backslashes, as nearly all texts of rows are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The text as JSON. Checking whether it needs escapes is faster than `JSON.stringify`. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

export function decodeRow([line, target, kind, input = 0, id = null, first = null]: EncodedRow): ValidRow {
  return {
    line,
    input: input === 0 ? target : input,
    id,
    target,
    kind: KINDS[kind] ?? 'page',
    duplicateOf: first,
  };
}
