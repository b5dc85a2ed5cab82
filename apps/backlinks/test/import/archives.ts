import { gzipSync } from 'node:zlib';

/** A record of an archive that a test makes. */
export interface MadeRecord {
  readonly type: string;
  readonly uri: string;
  readonly date?: string;
  readonly contentType?: string;
  readonly block: Buffer;
  readonly version?: string;
  /** What the record says instead of its length. */
  readonly statedLength?: number;
  readonly fields?: readonly string[];
  readonly lineEnd?: string;
}

const DATE = '2026-03-04T05:06:07Z';

export function recordBytes(record: MadeRecord): Buffer {
  const { type, uri, date = DATE, contentType, block, version = '1.0', fields = [], lineEnd = '\r\n' } = record;
  const head = [
    `WARC/${version}`,
    `WARC-Type: ${type}`,
    `WARC-Target-URI: ${uri}`,
    `WARC-Date: ${date}`,
    ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
    ...fields,
    `Content-Length: ${record.statedLength ?? block.length}`,
  ].join(lineEnd);
  return Buffer.concat([Buffer.from(`${head}${lineEnd}${lineEnd}`), block, Buffer.from('\r\n\r\n')]);
}

interface Answer {
  readonly uri: string;
  readonly body: Buffer | string;
  readonly status?: string;
  readonly headers?: readonly string[];
  readonly record?: Partial<MadeRecord>;
}

/** The record of an answer of HTTP. It is HTML unless its headers say otherwise. */
export function response({
  uri,
  body,
  status = '200 OK',
  headers = ['Content-Type: text/html'],
  record,
}: Answer): Buffer {
  const head = Buffer.from(`HTTP/1.1 ${status}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`, 'latin1');
  const block = Buffer.concat([head, Buffer.from(body)]);
  return recordBytes({ type: 'response', uri, contentType: 'application/http; msgtype=response', block, ...record });
}

/** One gzip member for each record, as archives should have it. */
export function members(records: readonly Buffer[]): Buffer {
  return Buffer.concat(records.map((record) => gzipSync(record)));
}

export function chunked(body: Buffer, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
