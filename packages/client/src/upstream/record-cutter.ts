import { type RecordEntry, readRecordEntry } from '@linkhaul/schemas';
import type { JsonTypes } from '@streamparser/json';

/** An entry echoes up to 1,000 targets of up to 2,048 characters each, which may be escaped. */
const MOST_ENTRY_BYTES = 32 * 1024 * 1024;

/** A page of the upstream's record. */
export interface CutRecord {
  /** The answer without its entries. */
  readonly answer: unknown;
  readonly entries: readonly RecordEntry[];
  /** The number of elements that were cut out, including null elements. */
  readonly length: number;
}

/** A value that the parser has read to its end. */
interface ParsedValue {
  readonly value?: JsonTypes.JsonPrimitive | JsonTypes.JsonStruct;
  readonly parent?: JsonTypes.JsonStruct;
  readonly key?: JsonTypes.JsonKey;
  readonly stack: readonly unknown[];
}

export type RecordCutter = ReturnType<typeof createRecordCutter>;

/** Takes each entry out of the parser's object as soon as it is whole, so that the memory is free again. */
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
    /** Counts parsed bytes. Throws if the entry being parsed has more than an entry can have. */
    parsed(bytes: number): void {
      uncut += bytes;
      if (uncut > MOST_ENTRY_BYTES) throw new Error(`an entry has more than ${MOST_ENTRY_BYTES} bytes`);
    },
    end: (): CutRecord => ({ answer, entries, length }),
  };
}

/** An element of a list, or of an object with numeric keys: some serialisers write lists as `{"0": …}`. */
function cutOut({ parent, key }: ParsedValue): boolean {
  if (Array.isArray(parent) && typeof key === 'number') parent[key] = null;
  else if (isMap(parent) && typeof key === 'string' && /^\d+$/.test(key)) parent[key] = null;
  else return false;
  return true;
}

function isMap(parent: JsonTypes.JsonStruct | undefined): parent is JsonTypes.JsonObject {
  return parent !== undefined && !Array.isArray(parent);
}
