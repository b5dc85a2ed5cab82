import { basename } from 'node:path';
import { judgeHost } from '@linkhaul/schemas';
import { type Address, resolve } from '../page/address.js';
import type { PartHead } from '../part.js';
import { type Columns, columnsOf, namesLinks, toolOf } from './columns.js';

/** A record of a table, and where it stands. */
export interface Line {
  readonly at: number;
  readonly cells: readonly string[];
}

/** How the records of a table are read. */
export interface Table {
  readonly form: PartHead['source']['form'];
  readonly columns: Columns;
  /** The page that all links lead to, where the table does not say it: exports of Search Console are of one site. */
  readonly target: Address | null;
  /** How many of the first records are no links. */
  readonly headers: number;
}

export type TableOrWhy = Table | { readonly why: string };

/** Recognises a table by its first records. Some tools put a title before the header. */
export function recogniseTable(head: readonly Line[], file: string): TableOrWhy {
  for (const [place, { cells }] of head.entries()) {
    const columns = columnsOf(cells);
    if (namesLinks(columns)) return { form: toolOf(cells), columns, target: null, headers: place + 1 };
  }
  if (isOfSearchConsole(head)) return tableOfSearchConsole(file);
  const names = head[0]?.cells.slice(0, 12).map((name) => name.slice(0, 40)) ?? [];
  return {
    why: `is no table of links: no record names both a column of linking pages and one of the pages that they link to. Its columns are ${names.join(', ') || 'none'}`,
  };
}

/**
 * Search Console writes its headers in the user's language, so its tables are known by their form: a column of pages, and
 * perhaps one of dates.
 */
function isOfSearchConsole(head: readonly Line[]): boolean {
  const [header, ...rows] = head;
  if (header === undefined || rows.length === 0 || isPage(header.cells[0])) return false;
  return rows.every(({ cells }) => cells.length <= 2 && isPage(cells[0]) && /^[\d.\-/]*$/.test(cells[1] ?? ''));
}

function isPage(text: string | undefined): boolean {
  return /^https?:\/\//.test(text ?? '');
}

/** The site stands in the name that Search Console gives the file alone, such as `https___example.com_-Latest links.csv`. */
function tableOfSearchConsole(file: string): TableOrWhy {
  const [, scheme = 'https', name = ''] = /^(?:(https?)___|sc-domain[_-])?(.*)$/i.exec(basename(file)) ?? [];
  const host = hostBefore(name);
  const target = host === null ? null : resolve(`${scheme}://${host}/`, undefined);
  if (target === null || 'reason' in target) {
    return {
      why: 'looks like an export of Search Console, but its name does not say whose links it lists: give it the name that Search Console did, which begins with the site, such as example.com-links.csv',
    };
  }
  return {
    form: 'search_console',
    columns: new Map([
      ['url_from', 0],
      ['last_seen', 1],
    ]),
    target,
    headers: 1,
  };
}

/** The host with which a name begins: hyphens stand in hosts and behind them, so it is the longest one. */
function hostBefore(name: string): string | null {
  const words = name.toLowerCase().split('-');
  const heads = words.slice(0, -1).map((_, at) =>
    words
      .slice(0, at + 1)
      .join('-')
      .replace(/_+$/, ''),
  );
  return heads.findLast((head) => judgeHost(head).ok) ?? null;
}
