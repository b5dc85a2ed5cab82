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

/** Then others have their turn: a page may be many MB, since each entry echoes every target of its call. */
const AT_A_STRETCH_MS = 10;
/** Between two looks at the clock. */
const PIECE_BYTES = 16 * 1024;

/**
 * Reads a page of the record of calls as it comes: never more than one entry of it stands whole in memory, and the event
 * loop turns meanwhile.
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
    // What is missing at the end of a compressed body is missed by the JSON, or by nobody.
    const gunzip = () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    const cut = isGzip ? await pipeline(bytes, gunzip(), parse) : await pipeline(bytes, parse);
    return pageOf(cut, httpStatus, headers);
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error), ended };
  }
}

/** The answer, its entries read and cut out of it. Throws where it is not JSON. */
async function parse(source: AsyncIterable<Buffer>): Promise<CutRecord> {
  const parser = new JSONParser({ paths: ['$', '$.tasks.*.result.*', '$.tasks.result.*'] });
  const cutter = createRecordCutter();
  parser.onValue = cutter.take;
  const write = stopAtFirstError(parser, cutter);
  let since = performance.now();
  for await (const chunk of withoutMark(source)) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      write(chunk.subarray(at, at + PIECE_BYTES));
      if (performance.now() - since < AT_A_STRETCH_MS) continue;
      await nextTurn();
      since = performance.now();
    }
  }
  write(null);
  return cutter.end();
}

/**
 * The rest of a body that is not JSON is read all the same: only its end says that the upstream is not at it any more.
 * Null ends the body, and throws what was wrong with it.
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
    if (!parser.isEnded) throw new Error('the body ends before its end');
  };
}
