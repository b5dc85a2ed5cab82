import type { FileBytes } from './file-bytes.js';
import { GZIP_MARK, isGzip } from './gzip-head.js';
import { gzipPieces } from './gzip-pieces.js';
import type { Piece } from './piece.js';
import { findStart } from './record-start.js';

export async function* piecesOf(file: FileBytes): AsyncGenerator<Piece> {
  yield* hasMembers(await file.at(0)) ? gzipPieces(file) : plainPieces(file);
}

/** Even the first member may be damaged. */
function hasMembers(head: Buffer): boolean {
  return isGzip(head) || (findStart(head) === -1 && head.includes(GZIP_MARK));
}

async function* plainPieces(file: FileBytes): AsyncGenerator<Piece> {
  let at = 0;
  for (let bytes = await file.at(at); bytes.length > 0; bytes = await file.at(at)) {
    yield { kind: 'bytes', at, bytes };
    at += bytes.length;
  }
}
