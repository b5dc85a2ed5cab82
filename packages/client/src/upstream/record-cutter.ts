import { type RecordEntry, readRecordEntry } from '@linkhaul/schemas';
import type { JsonTypes } from '@streamparser/json';

/** Entries echo up to 1,000 targets of up to 2,048 characters, and these may be escaped. */
const MOST_ENTRY_BYTES = 32 * 1024 * 1024;

/** A page of the record, its entries cut out of the answer that they came in. */
export interface CutRecord {
  /** The answer without its entries. */
  readonly answer: unknown;
  readonly entries: readonly RecordEntry[];
  /** How many elements were cut out, null ones too. */
  readonly length: number;
}

/** What the parser tells of a value that is whole. */
interface ParsedValue {
  readonly value?: JsonTypes.JsonPrimitive | JsonTypes.JsonStruct;
  readonly parent?: JsonTypes.JsonStruct;
  readonly key?: JsonTypes.JsonKey;
  readonly stack: readonly unknown[];
}

export type RecordCutter = ReturnType<typeof createRecordCutter>;

/** Takes entries out of what a parser builds, as soon as each is whole. */
export function createRecordCutter() {
  const entries: RecordEntry[] = [];
  let length = 0;
  let answer: unknown;
  let uncut = 0;
  return {
    take(found: ParsedValue): void {
      if (found.stack.length === 0) answer = found.value;
      else if (cutOut(found)) {
        uncut = 0;
        length++;
        if (found.value !== null) entries.push(readRecordEntry(found.value));
      }
    },
    /** So many bytes more were parsed. Throws where they are more than an entry can have. */
    parsed(bytes: number): void {
      uncut += bytes;
      if (uncut > MOST_ENTRY_BYTES) throw new Error(`an entry has more than ${MOST_ENTRY_BYTES} bytes`);
    },
    end: (): CutRecord => ({ answer, entries, length }),
  };
}

/** Elements are those of a list, or of a map with numeric keys, as which some write lists. */
function cutOut({ parent, key }: ParsedValue): boolean {
  if (Array.isArray(parent) && typeof key === 'number') parent[key] = null;
  else if (isMap(parent) && typeof key === 'string' && /^\d+$/.test(key)) parent[key] = null;
  else return false;
  return true;
}

function isMap(parent: JsonTypes.JsonStruct | undefined): parent is JsonTypes.JsonObject {
  return parent !== undefined && !Array.isArray(parent);
}
