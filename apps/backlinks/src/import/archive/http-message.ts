import { type Fields, headerText, parseFields } from './fields.js';

/** An answer as it went over the wire. */
export interface HttpMessage {
  /** Null where the first line is none of HTTP. */
  readonly status: number | null;
  readonly fields: Fields;
  readonly body: Buffer;
}

const STATUS = /^HTTP\/\d(?:\.\d)?[ \t]+(\d{3})/i;
const END_OF_FIELDS = /\n\r?\n/;
const MOST_OF_FIELDS = 256 * 1024;

export function parseHttp(block: Buffer): HttpMessage {
  // One character a byte, so that places in the text are places in the bytes.
  const end = END_OF_FIELDS.exec(block.toString('latin1', 0, MOST_OF_FIELDS));
  const head = headerText(block.subarray(0, end?.index ?? MOST_OF_FIELDS));
  const status = STATUS.exec(head)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    fields: parseFields(head.slice(head.indexOf('\n') + 1)),
    body: end === null ? Buffer.alloc(0) : block.subarray(end.index + end[0].length),
  };
}
