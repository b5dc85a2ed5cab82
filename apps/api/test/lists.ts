import type { InvalidCode } from '@linkhaul/schemas';
import type { InputRow, RowSink } from '../src/submit/submission.js';

/** Takes rows as they come; those that the reader itself finds invalid are apart, with their code. */
export function collect() {
  const rows: InputRow[] = [];
  const invalid: (InputRow & { readonly code: InvalidCode })[] = [];
  const sink: RowSink = {
    text: (row) => void rows.push(row),
    invalid: (row, code) => void invalid.push({ ...row, code }),
    ready: () => undefined,
  };
  return { rows, invalid, sink };
}

/** A body that comes in pieces which end at these places. */
export async function* inPieces(body: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const to of [...places].sort((a, b) => a - b)) {
    if (to > from && to < body.length) {
      yield body.subarray(from, to);
      from = to;
    }
  }
  if (from < body.length) yield body.subarray(from);
}
