import { readLines } from './lines.js';
import type { RowBatch } from './submission.js';

/** A target a line. Blank lines are counted and passed over; a byte order mark is not part of the first line. */
export async function* readTextRows(body: AsyncIterable<Buffer>): AsyncGenerator<RowBatch> {
  for await (const { first, lines } of readLines(body)) {
    const rows: { line: number; input: string; id: null }[] = [];
    for (let index = 0; index < lines.length; index++) {
      const text = lines[index] ?? '';
      const input = text.endsWith('\r') ? text.slice(0, -1) : text;
      if (input.trim() !== '') rows.push({ line: first + index, input, id: null });
    }
    yield rows;
  }
}
