import { count } from '../../format/numbers.js';
import type { Kind, Order } from './changes.js';

/** For each kind of change: the texts of its tile and rows, and its colour. */
export const KIND_WORDS: Readonly<
  Record<Kind, { readonly title: string; readonly says: string; readonly tone: string }>
> = {
  new: { title: 'New', says: 'in the newer run alone', tone: 'ok' },
  lost: { title: 'Lost', says: 'no longer found', tone: 'failed' },
  changed: { title: 'Changed', says: 'a number differs', tone: 'live' },
  same: { title: 'Same', says: 'no number differs', tone: 'skipped' },
  unknown: { title: 'Unknown', says: 'failed, skipped or cut in a run', tone: 'invalid' },
  removed: { title: 'Not sent again', says: 'in the older list alone', tone: 'skipped' },
};

export const ORDER_WORDS: Readonly<Record<Order, string>> = {
  largest: 'Largest change first',
  gains: 'Gains first',
  losses: 'Losses first',
  list: "The list's order",
};

/** Turns `page_summary.referring_domains` into `page summary: referring domains`. */
export function fieldWords(path: string): string {
  return path.replaceAll('.', ': ').replaceAll('__', ': ').replaceAll('_', ' ');
}

export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return count(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
