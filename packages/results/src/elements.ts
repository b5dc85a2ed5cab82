import {
  type Endpoint,
  isObject,
  itemsOf,
  type JsonObject,
  jsonOf,
  readEnvelope,
  resultsAreItems,
} from '@linkhaul/schemas';
import { type Answer, failureOf } from '@linkhaul/storage';
import { copiedItems, rawCopies } from './copies.js';
import { rawItems } from './raw-items.js';

/** An answer that is being read, and the endpoint that gave it. */
export interface ReadAnswer {
  readonly answer: Answer;
  readonly endpoint: Endpoint;
}

/**
 * The elements of the answer, found in the same way as when the answer was judged, followed by the copied items. An element
 * that is not an item is null.
 */
export async function parsedElements(read: ReadAnswer): Promise<readonly (JsonObject | null)[]> {
  const own = await ownElements(read);
  return [...own, ...copiedItems(await read.answer.copies())].map((item) => (isObject(item) ? item : null));
}

async function ownElements({ answer, endpoint }: ReadAnswer): Promise<readonly unknown[]> {
  const body = await itemsBody(answer);
  if (body.length === 0) return [];
  return itemsOf(readEnvelope(jsonOf(body.toString('utf8')))?.tasks[answer.header.task ?? 0]?.json, endpoint);
}

/** The upstream's bytes. Empty for a failed call: its bytes may not be JSON. */
export async function itemsBody({ header, body }: Answer): Promise<Buffer> {
  return failureOf(header.outcome) === null ? body() : Buffer.alloc(0);
}

/** Like `parsedElements`, but as JSON, with one character of the string for each byte. Null if the answer must be parsed. */
export async function rawElements(read: ReadAnswer): Promise<readonly (string | null)[] | null> {
  const [own, copies] = await Promise.all([rawOwn(read), read.answer.copies()]);
  const copied = copies === null ? [] : rawCopies(copies);
  return own === null || copied === null ? null : [...own, ...copied];
}

async function rawOwn({ answer, endpoint }: ReadAnswer): Promise<readonly (string | null)[] | null> {
  const body = await itemsBody(answer);
  if (body.length === 0) return [];
  return rawItems(body, { task: answer.header.task ?? 0, areResults: resultsAreItems(endpoint) });
}

/** Like `rawElements`, but never null: an item that cannot be cut out is written again. */
export async function elementTexts(read: ReadAnswer): Promise<readonly (string | null)[]> {
  const raw = await rawElements(read);
  if (raw !== null) return raw;
  const parsed = await parsedElements(read);
  return parsed.map((item) => (item === null ? null : Buffer.from(JSON.stringify(item)).toString('latin1')));
}
