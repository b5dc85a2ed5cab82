import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGunzip } from 'node:zlib';
import { JSONParser } from '@streamparser/json';
import type { Dispatcher } from 'undici';
import { leadOf, withoutMark } from './leading-bytes.js';
import { messageOf } from './read-reply.js';
import { type CutRecord, createRecordCutter, type RecordCutter } from './record-cutter.js';
import { type PageReply, pageOf } from './record-page.js';
import { readHeaders } from './reply.js';

/** How long parsing may keep the event loop busy at a time. A page may have many MB: each entry echoes all targets of its call. */
const BUSY_MS = 10;
/** The bytes that are parsed before the clock is looked at again. */
const PIECE_BYTES = 16 * 1024;

/**
 * Reads a page of the upstream's record as a stream: never more than one whole entry is in memory, and the event loop is not
 * blocked.
 */
export async function readIdList(response: Dispatcher.ResponseData): Promise<PageReply> {
  const { body, statusCode: httpStatus } = response;
  const headers = readHeaders(response.headers, Date.now());
  let ended = false;
  body.once('end', () => {
    ended = true;
  });
  try {
    const { isGzip, bytes } = await leadOf(body);
    // A compressed body that is cut ends here without an error. If that matters, the JSON is not whole.
    const gunzip = () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    const cut = isGzip ? await pipeline(bytes, gunzip(), parse) : await pipeline(bytes, parse);
    return pageOf(cut, httpStatus, headers);
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error), ended };
  }
}

/** Parses an answer and cuts its entries out. Throws for a body that is not JSON. */
async function parse(source: AsyncIterable<Buffer>): Promise<CutRecord> {
  const parser = new JSONParser({ paths: ['$', '$.tasks.*.result.*', '$.tasks.result.*'] });
  const cutter = createRecordCutter();
  parser.onValue = cutter.take;
  const write = stopAtFirstError(parser, cutter);
  let since = performance.now();
  for await (const chunk of withoutMark(source)) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      write(chunk.subarray(at, at + PIECE_BYTES));
      if (performance.now() - since < BUSY_MS) continue;
      await nextTurn();
      since = performance.now();
    }
  }
  write(null);
  return cutter.end();
}

/**
 * Parses the pieces that it is called with; null is the end of the body. An error is thrown only at the end, because the body
 * must be read to its end anyway: only the end shows that the upstream no longer works on the request.
 */
function stopAtFirstError(parser: JSONParser, cutter: RecordCutter): (piece: Buffer | null) => void {
  let wrong: unknown = null;
  parser.onError = (error) => {
    throw error;
  };
  const parse = (piece: Buffer) => {
    try {
      cutter.parsed(piece.length);
      parser.write(piece);
    } catch (error) {
      wrong = error;
    }
  };
  return (piece) => {
    if (piece !== null && wrong === null) parse(piece);
    if (piece !== null) return;
    if (wrong !== null) throw wrong;
    if (!parser.isEnded) throw new Error('the body is not whole JSON');
  };
}
