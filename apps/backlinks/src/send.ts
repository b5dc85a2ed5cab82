import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { AppContext } from './context.js';
import { type Envelope, textOf } from './envelope.js';

/** Smaller bodies gain nothing. */
const GZIP_FROM_BYTES = 1024;

const zip = promisify(gzip);

/** Answers with an envelope and notes it in the record. */
export async function send(
  c: AppContext,
  envelope: Envelope,
  httpStatus: 200 | 401 | 404 | 500 = 200,
): Promise<Response> {
  const request = c.get('request');
  request.http_status = httpStatus;
  request.status_code = envelope.code;
  request.task_status_code = envelope.tasks?.[0]?.code ?? null;
  request.items = envelope.tasks?.[0]?.items ?? 0;
  const text = textOf(envelope);
  c.header('Content-Type', 'application/json');
  c.header('Vary', 'Accept-Encoding');
  if (text.length <= GZIP_FROM_BYTES || !/\bgzip\b/i.test(c.req.header('accept-encoding') ?? '')) {
    return c.body(text, httpStatus);
  }
  c.header('Content-Encoding', 'gzip');
  return c.body(new Uint8Array(await zip(text, { level: constants.Z_BEST_SPEED })), httpStatus);
}
