import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { type Envelope, textOf } from '@linkhaul/schemas/vendor';
import type { AppContext } from './context.js';

/** Smaller bodies do not get smaller by gzip. */
const GZIP_FROM_BYTES = 1024;

const zip = promisify(gzip);

/** An answer as it is sent. */
export interface Encoded {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Sends an envelope and notes it in the record. */
export async function send(
  c: AppContext,
  envelope: Envelope,
  httpStatus: 200 | 401 | 402 | 404 | 500 = 200,
): Promise<Response> {
  noteAnswer(c, envelope, httpStatus);
  const { headers, bytes } = await encode(c, envelope);
  return c.body(bytes, httpStatus, headers);
}

export function noteAnswer(c: AppContext, envelope: Envelope, httpStatus: number): void {
  const request = c.get('request');
  request.http_status = httpStatus;
  request.status_code = envelope.code;
  request.task_status_code = envelope.tasks?.[0]?.code ?? null;
}

/** Encodes as gzip if the client accepts it and the body is large enough. */
export async function encode(c: AppContext, envelope: Envelope, form: 'accepted' | 'gzip' = 'accepted') {
  const bytes = new Uint8Array(Buffer.from(textOf(envelope)));
  const headers = { 'Content-Type': 'application/json', Vary: 'Accept-Encoding' };
  const zipped = form === 'gzip' || (bytes.length > GZIP_FROM_BYTES && acceptsGzip(c.req.header('accept-encoding')));
  const encoded: Encoded = zipped
    ? {
        headers: { ...headers, 'Content-Encoding': 'gzip' },
        bytes: new Uint8Array(await zip(bytes, { level: constants.Z_BEST_SPEED })),
      }
    : { headers, bytes };
  return encoded;
}

function acceptsGzip(accepted = ''): boolean {
  return accepted
    .split(',')
    .some((one) => /^\s*(x-)?gzip\s*(;\s*q=(1|0\.0*[1-9]))?/i.test(one) && !/;\s*q=0(\.0*)?\s*$/i.test(one));
}
