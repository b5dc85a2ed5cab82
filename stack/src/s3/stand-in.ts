import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Bucket, createBucket, type Said } from './bucket.js';
import { refusedBy } from './signature.js';

interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

export const STORE_KEYS: StoreKeys = {
  accessKeyId: 'AKIDSTANDIN',
  secretAccessKey: 'secret/of+the=stand-in',
  sessionToken: null,
};
export const STORE_REGION = 'eu-test-1';
export const BUCKET = 'linkhaul';

type Right = 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:ListBucket';

/**
 * What goes wrong with a request. `busy`: refused with SlowDown. `cut_request`: the connection is cut before the request is done.
 * `cut_answer`: the request is done, and the connection is cut in the middle of the answer.
 */
export type Trouble = 'busy' | 'cut_request' | 'cut_answer';

interface Behaviour {
  /** Decides what goes wrong with a request; null for nothing. */
  trouble: (request: { readonly method: string; readonly path: string }) => Trouble | null | Promise<null>;
  /** Rights that the credentials lack. */
  lacks: readonly Right[];
  /** How far the store's clock is ahead. */
  aheadMs: number;
  /** The credentials that the store accepts now. */
  keys: StoreKeys;
}

/** A strict stand-in for an S3 store: it knows conditional writes, checks signatures and rights, and fails on demand. */
export interface StandIn {
  readonly endpoint: string;
  readonly bucket: Bucket;
  readonly behaviour: Behaviour;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** The number of keys on a page of a list. */
  readonly pageOf?: number;
  /** If false, `If-None-Match` is refused. */
  readonly isConditional?: boolean;
}

export async function startStandIn({ pageOf = 1000, isConditional = true }: StandInOptions = {}): Promise<StandIn> {
  const bucket = createBucket({ pageOf, isConditional });
  const behaviour: Behaviour = { trouble: () => null, lacks: [], aheadMs: 0, keys: STORE_KEYS };
  const server = createServer(async (request, response) => {
    const trouble = await behaviour.trouble({ method: request.method ?? '', path: request.url ?? '' });
    const body = await buffer(request).catch(() => null);
    if (body === null || trouble === 'cut_request') return request.socket.destroy();
    const now = Date.now() + behaviour.aheadMs;
    response.setHeader('date', new Date(now).toUTCString());
    if (trouble === 'busy') return answer(response, { status: 503, code: 'SlowDown' });
    const code = refusedBy(request, body, { ...behaviour.keys, region: STORE_REGION, now });
    const result = code === null ? perform(request, body, { bucket, lacks: behaviour.lacks }) : { status: 403, code };
    if (trouble === null) answer(response, result);
    else cutAnswer(response, result);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the store does not listen on a port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    bucket,
    behaviour,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, { status, body = '', code, etag }: Said): void {
  if (etag !== undefined) response.setHeader('etag', etag);
  response.writeHead(status).end(code === undefined ? body : errorOf(code));
}

/** Announces the whole length, but sends only half of the answer; of an empty answer, nothing. */
function cutAnswer(response: ServerResponse, { status, body = '' }: Said): void {
  const bytes = Buffer.from(body);
  if (bytes.length === 0) return void response.destroy();
  response.writeHead(status, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

function errorOf(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>told by the stand-in</Message></Error>`;
}

interface Store {
  readonly bucket: Bucket;
  readonly lacks: readonly Right[];
}

function perform(request: IncomingMessage, body: Buffer, { bucket, lacks }: Store): Said {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://store');
  const [, name, ...names] = pathname.split('/').map(decodeURIComponent);
  const key = names.join('/');
  if (name !== BUCKET) return { status: 404, code: 'NoSuchBucket' };
  const right = rightFor(request, query, key);
  if (lacks.includes(right)) return { status: 403, code: 'AccessDenied' };
  if (right === 's3:ListBucket') return bucket.list(query);
  if (right === 's3:DeleteObject') return bucket.removeAll(body, String(request.headers['content-md5'] ?? ''));
  const hidden = !bucket.objects.has(key) && lacks.includes('s3:ListBucket');
  if (right === 's3:GetObject')
    return hidden ? { status: 403, code: 'AccessDenied' } : bucket.get(key, request.headers.range);
  const put = { key, body, onlyNew: request.headers['if-none-match'] === '*' };
  if (query.has('uploads')) return bucket.begin();
  if (query.has('partNumber')) return bucket.putPart(query, body);
  if (query.has('uploadId')) return request.method === 'POST' ? bucket.complete(query, put) : bucket.abort(query);
  return bucket.put(put);
}

function rightFor({ method }: IncomingMessage, query: URLSearchParams, key: string): Right {
  if (query.has('delete')) return 's3:DeleteObject';
  if (method === 'GET') return key === '' ? 's3:ListBucket' : 's3:GetObject';
  return 's3:PutObject';
}
