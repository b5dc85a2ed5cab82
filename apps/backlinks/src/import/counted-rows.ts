import type { PartHead } from './part.js';
import type { Rows } from './source.js';

interface CountedRows extends Rows {
  readonly counts: { readonly pages: number; readonly links: number };
  dates(): Pick<PartHead, 'first_date' | 'last_date'>;
}

/** Counts the rows that go through, and keeps their first and last date. */
export function countRows(rows: Rows): CountedRows {
  const counts = { pages: 0, links: 0 };
  let first: Date | null = null;
  let last: Date | null = null;
  const see = (date: Date) => {
    if (first === null || date < first) first = date;
    if (last === null || date > last) last = date;
  };
  return {
    counts,
    dates: () => ({ first_date: first?.toISOString() ?? null, last_date: last?.toISOString() ?? null }),
    link: (row) => {
      counts.links++;
      see(row.seen_at);
      rows.link(row);
    },
    page: (row) => {
      counts.pages++;
      see(row.fetched_at);
      rows.page(row);
    },
  };
}
