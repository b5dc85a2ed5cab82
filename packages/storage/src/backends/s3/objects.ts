import { createHash } from 'node:crypto';
import { StorageAway } from '../../away.js';
import type { ByteRange } from '../../backend.js';
import type { S3Address } from './address.js';
import type { Exchange, Exchanged } from './exchange.js';
import { type Condition, isLarge, type Upload } from './multipart.js';
import { refusalOf, S3Refusal } from './refusal.js';
import { escaped, textOf, textsOf } from './xml.js';

/** What became of a write that must be the first. `unsupported`: the store has no such condition. */
type NewWrite = 'made' | 'there' | 'unsupported';

/** Objects of a bucket by their keys. */
export interface S3Objects {
  get(key: string): Promise<Buffer | null>;
  getRange(key: string, range: ByteRange): Promise<Buffer | null>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Writes on the condition that the key does not exist, which the store checks. */
  putNew(key: string, bytes: Uint8Array): Promise<NewWrite>;
  /** The keys that begin with this text, a page at a time. */
  pages(start: string): AsyncIterable<string[]>;
  remove(keys: readonly string[]): Promise<void>;
}

const WRITE = 's3:PutObject';
const ALWAYS: Condition = { headers: {}, takes: [] };
const IF_NEW: Condition = { headers: { 'if-none-match': '*' }, takes: [412, 501] };

export function s3Objects(exchange: Exchange, upload: Upload, { prefix, name: place }: S3Address): S3Objects {
  const list = (query: Readonly<Record<string, string>>): Promise<Exchanged> =>
    exchange({ method: 'GET', key: null, query: { 'list-type': '2', ...query }, right: 's3:ListBucket' });
  /** Rejects if the bucket is missing, or the credentials may not list: then no object can be reported as missing. */
  const mustList = () => list({ prefix, 'max-keys': '1' });
  /** If the credentials may not list, a read of a missing key is refused with AccessDenied. */
  const orMayNotList = async (error: unknown): Promise<never> => {
    if (error instanceof S3Refusal && error.refusedAs === 'AccessDenied') await mustList();
    throw error;
  };
  const read = async (key: string, headers: Readonly<Record<string, string>> = {}): Promise<Buffer | null> => {
    const request = { method: 'GET', key, headers, takes: [206, 404, 416], right: 's3:GetObject' } as const;
    const { status, body } = await exchange(request).catch(orMayNotList);
    if (status === 200 || status === 206) return body;
    // The object ends before the range.
    if (status === 416) return Buffer.alloc(0);
    if (textOf(body.toString('utf8'), 'Code') !== 'NoSuchKey') await mustList();
    return null;
  };
  const get = (key: string) => read(key);
  const send = (key: string, body: Uint8Array, condition: Condition): Promise<Exchanged> => {
    if (isLarge(body)) return upload(key, body, condition);
    return exchange({ method: 'PUT', key, body, ...condition, right: WRITE });
  };
  /** Whether our bytes are there: a repeated write may find what it wrote before. Rejects if there are none. */
  const isOurs = async (said: Exchanged, key: string, bytes: Uint8Array): Promise<boolean> => {
    const found = said.isRepeated ? await get(key) : null;
    if (said.isRepeated && found === null) throw refusalOf(said, WRITE, place);
    return found?.equals(bytes) ?? false;
  };

  const page = async (start: string, from: string | null): Promise<{ keys: string[]; next: string | null }> => {
    const token = from === null ? {} : { 'continuation-token': from };
    const { body } = await list({ 'encoding-type': 'url', prefix: `${prefix}${start}`, ...token });
    const xml = body.toString('utf8');
    const isEncoded = textOf(xml, 'EncodingType') === 'url';
    const keys = textsOf(xml, 'Key').map((key) => (isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key));
    return { keys: keys.map((key) => key.slice(prefix.length)), next: textOf(xml, 'NextContinuationToken') };
  };

  return {
    get,
    getRange: (key, { from, to }) => read(key, { range: `bytes=${from}-${to - 1}` }),
    async put(key, bytes) {
      const said = await send(key, bytes, ALWAYS);
      if (said.status !== 200 && !(await isOurs(said, key, bytes))) throw refusalOf(said, WRITE, place);
    },
    async putNew(key, bytes) {
      const said = await send(key, bytes, IF_NEW);
      if (said.status === 501) return 'unsupported';
      return said.status === 200 || (await isOurs(said, key, bytes)) ? 'made' : 'there';
    },
    async *pages(start) {
      let from: string | null = null;
      do {
        const { keys, next }: Awaited<ReturnType<typeof page>> = await page(start, from);
        if (keys.length > 0) yield keys;
        from = next;
      } while (from !== null);
    },
    async remove(keys) {
      const objects = keys.map((key) => `<Object><Key>${escaped(`${prefix}${key}`)}</Key></Object>`);
      const body = Buffer.from(`<Delete><Quiet>true</Quiet>${objects.join('')}</Delete>`);
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
      const request = { method: 'POST', key: null, query: { delete: '' }, headers, body } as const;
      const { body: said } = await exchange({ ...request, right: 's3:DeleteObject' });
      const code = textOf(said.toString('utf8'), 'Code');
      if (code !== null)
        throw new StorageAway(`storage does not serve: an object could not be removed (${code}) at ${place}`);
    },
  };
}
