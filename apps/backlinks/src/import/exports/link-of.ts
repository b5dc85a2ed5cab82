import { type Address, resolve } from '../page/address.js';
import type { LinkType } from '../page/raw-link.js';
import { relWords } from '../page/rel.js';
import type { LinkSeen } from '../part.js';
import type { Reading } from '../source.js';
import type { Column } from './columns.js';
import { typeOf } from './link-type.js';
import type { Line, Table } from './table.js';
import { dateIn, flagIn } from './values.js';

/** The text of a column; empty where the table does not have it. */
export type Cell = (column: Column) => string;

export function cellsOf({ cells }: Line, { columns }: Table): Cell {
  return (column) => {
    const place = columns.get(column);
    return place === undefined ? '' : (cells[place] ?? '').trim();
  };
}

/** The link of a record; null where it is none, or is not wanted. */
export function linkOf(line: Line, table: Table, reading: Reading): LinkSeen | null {
  const cell = cellsOf(line, table);
  const from = addressOf(cell('url_from'), line, reading);
  const to = table.target ?? addressOf(cell('url_to'), line, reading);
  if (from === null || to === null || !isWanted(from, to, reading)) return null;
  const type = linkTypeOf(cell, table);
  if (type === null) {
    reading.leftOut.add('no_link', line.at, `${cell('type') || 'a frame or a form'} on ${from.url}`);
    return null;
  }
  const rel = relOf(cell);
  const dateOf = (column: Column) => dateOfCell(column, { cell, line, reading });
  const lost = dateOf('lost_at');
  const seen = dateOf('last_seen') ?? lost ?? reading.written;
  return {
    url_from: from.url,
    url_to: to.url,
    domain_from: from.domain,
    domain_to: to.domain,
    host_from: from.host,
    host_to: to.host,
    type,
    rel,
    nofollow: nofollowOf(cell, rel),
    anchor: cell('anchor') || null,
    alt: cell('alt') || null,
    place: cell('place') || null,
    seen_at: seen,
    first_seen: dateOf('first_seen'),
    // Of a link that is lost nobody knows when, it is known when it was there last.
    lost_at: lost ?? (isLost(cell) ? seen : null),
  };
}

interface Of {
  readonly cell: Cell;
  readonly line: Line;
  readonly reading: Reading;
}

/** Null where the cell has no date. A word that says yes or no is none that is missing. */
function dateOfCell(column: Column, { cell, line, reading }: Of): Date | null {
  const text = cell(column);
  const date = dateIn(text);
  if (date === null && text !== '' && flagIn(column, text) === null) {
    reading.leftOut.add('no_date', line.at, `${text} in the column ${column}`);
  }
  return date;
}

function isLost(cell: Cell): boolean {
  return (['is_lost', 'lost_at'] as const).some((column) => flagIn(column, cell(column)) === true);
}

/** Tools leave out the scheme here and there. */
function addressOf(text: string, { at }: Line, reading: Reading): Address | null {
  const address = resolve(/^[a-z][a-z\d+.-]*:\/\//i.test(text) || text === '' ? text : `http://${text}`, undefined);
  if ('url' in address) return address;
  reading.leftOut.add(address.reason, at, text || 'an empty cell');
  return null;
}

function isWanted(from: Address, to: Address, { options, only }: Reading): boolean {
  if (only !== null && !only.has(to.domain)) return false;
  return options.internal || from.domain !== to.domain;
}

const NO_LINKS = ['is_frame', 'is_form', 'is_mention'] as const;

function linkTypeOf(cell: Cell, { form }: Table): LinkType | null {
  if (NO_LINKS.some((column) => flagIn(column, cell(column)) === true)) return null;
  if (flagIn('is_redirect', cell('is_redirect')) === true) return 'redirect';
  const type = typeOf(cell('type'));
  // Screaming Frog lists what a page embeds by that word, and links with images as hyperlinks.
  if (form === 'screaming_frog' && type === 'image') return null;
  if (type === null) return null;
  const isImage = flagIn('is_image', cell('is_image')) === true || (cell('anchor') === '' && cell('alt') !== '');
  return (type ?? 'anchor') === 'anchor' && isImage ? 'image' : (type ?? 'anchor');
}

function relOf(cell: Cell): readonly string[] {
  const words = relWords(cell('rel').replaceAll(/[,;|[\]"']/g, ' '));
  const flagged = (['ugc', 'sponsored', 'nofollow'] as const).filter((column) => flagIn(column, cell(column)) === true);
  return [...new Set([...words, ...flagged])];
}

/** Null where the table does not say it. */
function nofollowOf(cell: Cell, rel: readonly string[]): boolean | null {
  if (rel.includes('nofollow')) return true;
  const follow = flagIn('follow', cell('follow'));
  if (follow !== null) return !follow;
  return flagIn('nofollow', cell('nofollow')) ?? (cell('rel') === '' ? null : false);
}
