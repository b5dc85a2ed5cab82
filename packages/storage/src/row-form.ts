import type { TargetKind } from '@linkhaul/schemas';
import type { ValidRow } from './rows.js';

/** A kind stands in a stored row as its place here. */
export const KINDS: readonly TargetKind[] = ['domain', 'subdomain', 'page'];

/**
 * A row as a line of storage. The target is a number where it is the input from that character on; what is 0 or null
 * from there to the end is left out, so that most rows are `[line,"input",kind]`.
 */
type Encoded = [
  line: number,
  input: string,
  kind: number,
  target?: string | number,
  id?: string | null,
  duplicateOf?: number | null,
];

export function encodeRow({ line, input, id, target, kind, duplicateOf }: ValidRow): string {
  const encoded: Encoded = [line, input, KINDS.indexOf(kind), target === input ? 0 : target, id, duplicateOf];
  while (encoded.at(-1) === null) encoded.pop();
  if (encoded.length === 4 && encoded[3] === 0) encoded.pop();
  return JSON.stringify(encoded);
}

export function decodeRow(text: string): ValidRow {
  const [line, input, kind, target = 0, id = null, duplicateOf = null]: Encoded = JSON.parse(text);
  return {
    line,
    input,
    id,
    target: typeof target === 'number' ? input.slice(target) : target,
    kind: KINDS[kind] ?? 'page',
    duplicateOf,
  };
}
