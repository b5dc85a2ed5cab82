import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { JSONParser, type JsonTypes } from '@streamparser/json';
import type { Dispatcher } from 'undici';
import { messageOf, replyOf } from './read-reply.js';
import { type FreeReply, readHeaders } from './reply.js';

type JsonObject = JsonTypes.JsonObject;
type JsonValue = JsonTypes.JsonPrimitive | JsonTypes.JsonStruct;

/** Then others have their turn: a page may be many MB, since each entry echoes every target of its call. */
const AT_A_STRETCH_MS = 10;
/** Between two looks at the clock. */
const PIECE_BYTES = 16 * 1024;

/** What is kept of an entry, and of its metadata. */
const KEPT = ['id', 'datetime_posted', 'datetime_done', 'status', 'cost', 'metadata'] as const;
const KEPT_OF_METADATA = ['tag'] as const;

/**
 * Reads a page of the record of calls as it comes: never more than one entry of it stands whole in memory, and the event
 * loop turns meanwhile.
 */
export async function readIdList(response: Dispatcher.ResponseData): Promise<FreeReply> {
  const { body, statusCode: httpStatus } = response;
  const headers = readHeaders(response.headers, Date.now());
  let ended = false;
  body.once('end', () => {
    ended = true;
  });
  try {
    const json =
      response.headers['content-encoding'] === 'gzip'
        ? await pipeline(body, createGunzip(), parseSlim)
        : await pipeline(body, parseSlim);
    return replyOf(json, httpStatus, headers);
  } catch (error) {
    return { kind: 'unreadable', httpStatus, reason: messageOf(error), headers, ended, body: null, isCut: false };
  }
}

/** The whole answer, its entries cut down to what is kept. Throws where it is not JSON. */
async function parseSlim(source: AsyncIterable<Buffer>): Promise<unknown> {
  const parser = new JSONParser({ paths: ['$', '$.tasks.*.result.*'] });
  let whole: unknown;
  parser.onValue = ({ value, key, parent, stack }) => {
    if (stack.length === 0) whole = value;
    // In place, in what the parser builds: the end then brings the answer as it was, without the bulk.
    else if (Array.isArray(parent) && typeof key === 'number') parent[key] = slim(value ?? null);
  };
  const write = stopAtFirstError(parser);
  let since = performance.now();
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      write(chunk.subarray(at, at + PIECE_BYTES));
      if (performance.now() - since < AT_A_STRETCH_MS) continue;
      await nextTurn();
      since = performance.now();
    }
  }
  write(null);
  return whole;
}

/**
 * The rest of a body that is not JSON is read all the same: only its end says that the upstream is not at it any more.
 * Null ends the body, and throws what was wrong with it.
 */
function stopAtFirstError(parser: JSONParser): (chunk: Buffer | null) => void {
  let wrong: unknown = null;
  parser.onError = (error) => {
    throw error;
  };
  return (chunk) => {
    try {
      if (chunk !== null && wrong === null) parser.write(chunk);
    } catch (error) {
      wrong = error;
    }
    if (chunk !== null) return;
    if (wrong !== null) throw wrong;
    if (!parser.isEnded) throw new Error('the body ends before its end');
  };
}

function slim(entry: JsonValue): JsonValue {
  if (!isObject(entry)) return entry;
  const kept = pick(entry, KEPT);
  return isObject(kept.metadata) ? { ...kept, metadata: pick(kept.metadata, KEPT_OF_METADATA) } : kept;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = object[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
