import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DecodeStream } from 'encoding-sniffer';
import { z } from 'zod';
import type { Reading } from '../source.js';
import type { Line } from './table.js';

export interface TableFile {
  readonly name: string;
  /** Reads its bytes, unpacked, from the start. */
  readonly open: () => Readable;
  readonly encoding: string;
  readonly separator: string;
  /** How much of the file was read. */
  readonly place: () => number;
}

type Telling = Pick<Reading, 'leftOut'>;

/** No record is longer, unless a quote that nothing closes takes in what follows. */
const LONGEST_RECORD = 256 * 1024;
/** How often reading begins again behind the line with such a quote. */
const MOST_BROKEN = 50;

/** The records of a table. A line with a quote that nothing closes is left out, and the lines behind it are read. */
export async function* linesOf(file: TableFile, reading: Telling): AsyncGenerator<Line, void> {
  let from = 1;
  for (let broken = 0; broken < MOST_BROKEN; broken++) {
    const brokenLine = yield* linesFrom(from, file, reading);
    if (brokenLine === null) return;
    reading.leftOut.add('broken_line', brokenLine, 'nothing closes a quote of this line');
    from = brokenLine + 1;
  }
  reading.leftOut.add('broken_line', from, 'this line and those behind it: too many have a quote that nothing closes');
}

const parsed = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });
const OPEN_QUOTE = new Set(['CSV_MAX_RECORD_SIZE', 'CSV_QUOTE_NOT_CLOSED']);

/** Answers the line of the quote that nothing closes, or null. */
async function* linesFrom(from: number, file: TableFile, reading: Telling): AsyncGenerator<Line, number | null> {
  let last = from - 1;
  let brokenLine: number | null = null;
  const parser = parse({
    delimiter: file.separator,
    bom: true,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_RECORD,
    on_record: (record: string[], { lines }) => {
      if (brokenLine !== null) return null;
      last = from - 1 + lines;
      return record;
    },
    on_skip: (error) => {
      if (error !== undefined && OPEN_QUOTE.has(error.code)) brokenLine ??= last + 1;
      else reading.leftOut.add('broken_line', last + 1, error?.message ?? 'the line cannot be read');
      return undefined;
    },
  });
  const bytes = file.open();
  const text = new DecodeStream({ transportLayerEncodingLabel: file.encoding });
  for (const stream of [bytes, text]) stream.once('error', (error) => parser.destroy(error));
  Readable.from(behindLines(bytes.pipe(text), from - 1)).pipe(parser);
  try {
    for await (const line of parser) {
      const { record, info } = parsed.parse(line);
      yield { at: from - 1 + info.lines, cells: record };
    }
  } finally {
    bytes.destroy();
  }
  return brokenLine;
}

/** A text without its first lines. */
async function* behindLines(text: AsyncIterable<unknown>, count: number): AsyncGenerator<string> {
  let toSkip = count;
  for await (const piece of text) {
    let rest = String(piece);
    while (toSkip > 0 && rest !== '') {
      const end = rest.indexOf('\n');
      if (end !== -1) toSkip--;
      rest = end === -1 ? '' : rest.slice(end + 1);
    }
    if (rest !== '') yield rest;
  }
}
