import { createLeftOut } from '../left-out.js';
import type { Read, Reading } from '../source.js';
import { linesOf, type TableFile } from './lines.js';
import { cellsOf, linkOf } from './link-of.js';
import { pageOf } from './page-of.js';
import { type Line, recogniseTable } from './table.js';

const MOST_TO_HEADER = 10;
/** Progress is told after this many records. */
const AT_ONCE = 1000;

/** Reads an export of links: a table with named columns. */
export async function readTable(file: TableFile, reading: Reading): Promise<Read> {
  const lines = linesOf(file, reading);
  try {
    const head = await take(lines, MOST_TO_HEADER);
    const table = recogniseTable(head, file.name);
    if ('why' in table) return { ok: false, why: table.why };
    let records = 0;
    // Tools list the links of a page one behind the other.
    let last = '';
    const write = (line: Line) => {
      records++;
      if (records % AT_ONCE === 0) reading.onRecord(file.place(), 0);
      const link = linkOf(line, table, reading);
      if (link === null) return;
      reading.rows.link(link);
      const page = link.url_from === last ? null : pageOf(cellsOf(line, table), link);
      last = link.url_from;
      if (page !== null) reading.rows.page(page);
    };
    for (const line of head.slice(table.headers)) write(line);
    for await (const line of lines) write(line);
    return { ok: true, form: table.form, records };
  } finally {
    await lines.return(undefined);
  }
}

/** The page that all links of a table lead to; null where its rows say it themselves, or where it is no table of links. */
export async function siteOf(file: TableFile): Promise<string | null> {
  const lines = linesOf(file, { leftOut: createLeftOut() });
  try {
    const table = recogniseTable(await take(lines, MOST_TO_HEADER), file.name);
    return 'why' in table ? null : (table.target?.url ?? null);
  } finally {
    await lines.return(undefined);
  }
}

async function take(lines: AsyncGenerator<Line, void>, count: number): Promise<Line[]> {
  const taken: Line[] = [];
  while (taken.length < count) {
    const { value, done } = await lines.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}
