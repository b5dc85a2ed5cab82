import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** A thousand pages of the greatest length are 2 MB. The vendor documents no limit. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * `invalid`: too large, not in its declared encoding, or not UTF-8. `gone`: the client left before the end of the body.
 */
type Body = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'invalid' | 'gone' };

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** The vendor's Python example declares gzip for every body, and sends the bodies uncompressed. */
const unzip: Decode = async (bytes, options) => (isGzip(bytes) ? promisify(gunzip)(bytes, options) : bytes);

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ['', async (bytes: Uint8Array) => bytes],
  ['identity', async (bytes: Uint8Array) => bytes],
  ['gzip', unzip],
  ['x-gzip', unzip],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

export async function readBody(request: Request): Promise<Body> {
  const decode = DECODERS.get(request.headers.get('content-encoding')?.trim().toLowerCase() ?? '');
  if (decode === undefined || Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) {
    return { kind: 'invalid' };
  }
  const bytes = await bytesOf(request).catch(() => null);
  if (bytes === null) return { kind: 'gone' };
  if (bytes === 'too large') return { kind: 'invalid' };
  const decoded = await decode(bytes, { maxOutputLength: MAX_BODY_BYTES }).catch(() => null);
  if (decoded === null || !isUtf8(decoded)) return { kind: 'invalid' };
  return { kind: 'text', text: Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength).toString('utf8') };
}

/** A declared length is checked at once; a body without one is counted while it arrives. */
async function bytesOf(request: Request): Promise<Uint8Array | 'too large'> {
  if (request.headers.has('content-length') || request.body === null)
    return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
