import { TARGET_KINDS, type TargetKind } from '@linkhaul/schemas';

/** A row that will be asked. `duplicateOf` is the line of the first row with the same target. */
export interface ValidRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly target: string;
  readonly kind: TargetKind;
  readonly duplicateOf: number | null;
}

/** A kind stands in a stored row as its place here. */
const KINDS: readonly TargetKind[] = TARGET_KINDS;

/**
 * A row as a line of JSON, the same in a part of rows and in a plan. Most rows end after the kind: the input is 0 where it
 * is the target, and it, the id and the first row's line are left out where all three say nothing.
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
  // The same text as of an array of them, without making one.
  const text = quoted(target);
  const said = input === target ? 0 : quoted(input);
  if (id !== null) return `[${line},${text},${place},${said},${quoted(id)},${duplicateOf}]`;
  if (duplicateOf !== null) return `[${line},${text},${place},${said},null,${duplicateOf}]`;
  return said === 0 ? `[${line},${text},${place}]` : `[${line},${text},${place},${said},null,null]`;
}

/** Printable ASCII without quotation marks and backslashes, as nearly all texts of rows are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The text as JSON. To look whether it needs escapes takes less time than to have them written. */
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
