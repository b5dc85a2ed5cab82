import type { InputRow, RowBytes, RowSink } from '../src/submit/submission.js';

/** Takes rows as they come, each as its line, text and id. */
export function collect(): { sink: RowSink; rows: InputRow[] } {
  const rows: InputRow[] = [];
  const bytes = (line: number, row: RowBytes) => {
    const id = row.idFrom === -1 ? null : row.bytes.toString('utf8', row.idFrom, row.idTo);
    rows.push({ line, input: row.bytes.toString('utf8', row.from, row.to), id });
  };
  return { rows, sink: { text: (row) => void rows.push(row), bytes, ready: () => undefined } };
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
