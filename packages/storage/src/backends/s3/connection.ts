import { Pool } from 'undici';
import type { S3Address } from './address.js';
import type { Signer } from './signer.js';

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Null: the bucket itself. */
  readonly key: string | null;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface S3Answer {
  readonly status: number;
  /** The store's clock. */
  readonly date: string;
  /** The ETag of the part that was written. Empty if there is none. */
  readonly etag: string;
  readonly body: Buffer;
}

/** Sends one request and reads its answer whole. Rejects if the connection fails before that. */
export interface S3Connection {
  send(request: S3Request): Promise<S3Answer>;
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
const SILENT_MS = 15_000;
const EMPTY = new Uint8Array();

export function connectTo({ origin, path, prefix }: S3Address, signer: Signer): S3Connection {
  const pool = new Pool(origin, {
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENT_MS,
    bodyTimeout: SILENT_MS,
  });
  const pathOf = ({ key, query = {} }: S3Request): string => {
    const place = key === null ? `${path}/` : `${path}/${`${prefix}${key}`.split('/').map(encoded).join('/')}`;
    const pairs = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
    return pairs.length === 0 ? place : `${place}?${pairs.join('&')}`;
  };
  return {
    async send(request) {
      const { method, headers = {}, body = EMPTY } = request;
      const target = pathOf(request);
      const signed = await signer.sign({ method, url: `${origin}${target}`, headers, body });
      const answer = await pool.request({
        method,
        path: target,
        headers: signed,
        ...(request.body !== undefined && { body }),
      });
      const header = (name: string) => String(answer.headers[name] ?? '');
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return { status: answer.statusCode, date: header('date'), etag: header('etag'), body: bytes };
    },
    close: () => pool.destroy(),
  };
}

/** In the form that signatures need: everything but letters, digits and `-._~` is escaped. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
