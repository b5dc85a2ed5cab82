import type { FileBytes } from './file-bytes.js';
import { isGzip } from './gzip-head.js';
import { gzipPieces } from './gzip-pieces.js';
import type { Piece } from './piece.js';

export async function* piecesOf(file: FileBytes): AsyncGenerator<Piece> {
  yield* isGzip(await file.at(0)) ? gzipPieces(file) : plainPieces(file);
}

async function* plainPieces(file: FileBytes): AsyncGenerator<Piece> {
  let at = 0;
  for (let bytes = await file.at(at); bytes.length > 0; bytes = await file.at(at)) {
    yield { kind: 'bytes', at, bytes };
    at += bytes.length;
  }
}
