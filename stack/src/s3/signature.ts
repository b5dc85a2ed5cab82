import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

interface Expected {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  readonly region: string;
  /** The store's clock. */
  readonly now: number;
}

const MOST_SKEW_MS = 15 * 60_000;

/** The error code for a request whose signature is wrong; null if it is right. The signature is computed from the request. */
export function refusedBy(request: IncomingMessage, body: Buffer, expected: Expected): string | null {
  const header = (name: string) => String(request.headers[name] ?? '');
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, keyId, day = '', region = '', signedHeaders = '', signature] = form.exec(header('authorization')) ?? [];
  if (keyId === undefined) return 'AccessDenied';
  if (keyId !== expected.accessKeyId) return 'InvalidAccessKeyId';
  if (header('x-amz-security-token') !== (expected.sessionToken ?? '')) return 'ExpiredToken';
  if (region !== expected.region) return 'AuthorizationHeaderMalformed';
  const stamp = header('x-amz-date');
  if (Math.abs(timeOf(stamp) - expected.now) > MOST_SKEW_MS) return 'RequestTimeTooSkewed';
  const names = signedHeaders.split(';');
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://store');
  const canonical = [
    request.method,
    pathname,
    [...searchParams]
      .map((pair) => pair.map(encoded).join('='))
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${header(name)}`),
    '',
    signedHeaders,
    header('x-amz-content-sha256'),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', stamp, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
  const steps = [day, region, 's3', 'aws4_request', text];
  const right = steps.reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${expected.secretAccessKey}`));
  if (right.toString('hex') !== signature || !names.includes('host')) return 'SignatureDoesNotMatch';
  const hash = header('x-amz-content-sha256');
  // A client may read without hashing its empty body.
  if (request.method === 'GET' && hash === 'UNSIGNED-PAYLOAD') return null;
  return hash === sha256(body) ? null : 'XAmzContentSHA256Mismatch';
}

function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
