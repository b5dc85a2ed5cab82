import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { upstreamEnvelope } from '@linkhaul/schemas';
import type { Dispatcher } from 'undici';
import { readGatewayError } from './gateway-error.js';
import { type FailedReply, type FreeReply, type ReplyHeaders, readHeaders, type UpstreamReply } from './reply.js';

const decompress = promisify(gunzip);

export async function readReply(response: Dispatcher.ResponseData): Promise<UpstreamReply> {
  const headers = readHeaders(response.headers, Date.now());
  const httpStatus = response.statusCode;
  let raw: Buffer;
  try {
    raw = Buffer.from(await response.body.arrayBuffer());
  } catch (error) {
    return { kind: 'unreadable', httpStatus, reason: messageOf(error), headers, ended: false };
  }
  try {
    const body = response.headers['content-encoding'] === 'gzip' ? await decompress(raw) : raw;
    return readBody(body, httpStatus, headers);
  } catch (error) {
    return { kind: 'unreadable', httpStatus, reason: messageOf(error), headers, ended: true };
  }
}

function readBody(body: Buffer, httpStatus: number, headers: ReplyHeaders): UpstreamReply {
  const reply = replyOf(JSON.parse(body.toString('utf8')), httpStatus, headers);
  return reply.kind === 'answer' ? { ...reply, body } : reply;
}

/** What a body says, once it is parsed. */
export function replyOf(json: unknown, httpStatus: number, headers: ReplyHeaders): FreeReply {
  const parsed = upstreamEnvelope.safeParse(json);
  if (parsed.success) return { kind: 'answer', httpStatus, envelope: parsed.data, headers };
  const gateway = httpStatus >= 400 ? readGatewayError(json, headers.requestId) : null;
  if (gateway !== null) return { kind: 'gateway_error', httpStatus, ...gateway, headers };
  return { kind: 'unreadable', httpStatus, reason: 'the body is not an answer of this API', headers, ended: true };
}

/** Errors that happen before a connection stands: nothing was sent. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);

export function failureOf(error: unknown): FailedReply {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const beforeConnection = UNSENT.has(code) || /^(ERR_TLS|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERR_SSL)/.test(code);
  if (beforeConnection) return { kind: 'unsent', reason: code };
  return { kind: 'unreadable', httpStatus: null, reason: messageOf(error), headers: null, ended: false };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
