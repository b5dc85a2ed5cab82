import { jsonOf } from '@linkhaul/schemas';
import { rawItems } from './raw-items.js';

/** Copied items are stored in the form of an answer with one task and one result, so that they are read like any other. */
const [OPENING, CLOSING] = ['{"tasks":[{"result":[{"items":[', ']}]}]}'];

/** `items`: the JSON of each item, with one character of the string for each byte. */
export function encodeCopies(items: readonly string[]): Buffer {
  return Buffer.from(`${OPENING}${items.join()}${CLOSING}`, 'latin1');
}

export function copiedItems(copies: Buffer | null): readonly unknown[] {
  if (copies === null) return [];
  const text = copies.toString('utf8');
  const items = jsonOf(text.slice(OPENING.length - 1, 1 - CLOSING.length));
  return Array.isArray(items) ? items : [];
}

/** The JSON of each copied item. Null if an item holds white space: then the copies must be parsed. */
export function rawCopies(copies: Buffer): readonly (string | null)[] | null {
  return rawItems(copies, { task: 0, areResults: false });
}
