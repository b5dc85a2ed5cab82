import { ApiProblem, invalidRequest } from '../../problem.js';
import { MAX_LINE_LENGTH } from '../list/read-list.js';

/** The most bytes of all fields together. No job needs more, and many small values take a hundred times as much memory. */
const MOST_FIELD_BYTES = 64 * 1024;

/** The most bytes of one target: as many characters as a line may have, and an id. */
const MOST_ROW_BYTES = 3 * MAX_LINE_LENGTH + 4096;

export const TOO_LONG = 'is longer than 65,536 characters';

/** Limits the fields and each target while their bytes arrive, before values are built. White space counts too. */
export interface JsonBounds {
  /** Counts more bytes of the fields. */
  ofFields(bytes: number, place: () => string): void;
  /** Counts more bytes of the target that is being read. */
  ofRow(bytes: number, place: () => string): void;
  rowEnds(): void;
}

export function createJsonBounds(): JsonBounds {
  let fields = 0;
  let row = 0;
  return {
    ofFields(bytes, place) {
      fields += bytes;
      if (fields > MOST_FIELD_BYTES) throw fieldsTooLarge(place());
    },
    ofRow(bytes, place) {
      row += bytes;
      if (row > MOST_ROW_BYTES) throw invalidRequest(place(), TOO_LONG);
    },
    rowEnds() {
      row = 0;
    },
  };
}

function fieldsTooLarge(place: string): ApiProblem {
  const message = 'All fields but `targets` take at most 64 KiB together: send fewer or shorter ones.';
  return new ApiProblem('body_too_large', message, { errors: [{ pointer: place, code: 'fields_too_large', message }] });
}
