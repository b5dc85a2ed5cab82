import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord } from '@linkhaul/jobs';
import { type Line, type Listing, mergeRuns, writeRuns } from '@linkhaul/results';

/** The number of rows in a spreadsheet's sheet. */
const MOST_LINES = 1_048_576;
const LINES_AT_ONCE = 1000;
const DIGITS = 16;

/** Whether a listing is short enough to be sorted by line. */
export function canBeOrdered({ counts }: JobRecord, name: Listing['name']): boolean {
  return counts.total + (name === 'results' ? counts.items : 0) <= MOST_LINES;
}

/** Sorts lines by input order; lines of one row keep their order. Sorts on disk, with a limited part in memory at a time. */
export async function* inLineOrder(lines: AsyncIterable<readonly Line[]>): AsyncGenerator<readonly Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-lines-'));
  try {
    const merged = await mergeRuns(await writeRuns(keyedLines(lines), { folder, name: 'lines' }));
    try {
      let open: Line[] = [];
      for (; merged.head !== null; await merged.advance()) {
        const { key, line } = merged.head;
        open.push(JSON.parse(line.slice(key.length + 1)));
        if (open.length < LINES_AT_ONCE) continue;
        yield open;
        open = [];
      }
      if (open.length > 0) yield open;
    } finally {
      merged.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* keyedLines(lines: AsyncIterable<readonly Line[]>): AsyncGenerator<string[]> {
  let at = 0;
  for await (const some of lines) {
    yield some.map((line) => `${padded(line.line)}${padded(at++)}\t${JSON.stringify(line)}`);
  }
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}
