import { type BodyBytes, jsonOf, readEnvelope } from '@linkhaul/schemas';
import type { Dispatcher } from 'undici';
import { cutItems } from './cut-items.js';
import { readGatewayError } from './gateway-error.js';
import { nestsDeeperThan } from './nesting.js';
import { type Body, readBody, SMALL_BYTES } from './read-body.js';
import { type FailedReply, type FreeReply, type ReplyHeaders, readHeaders, type UpstreamReply } from './reply.js';
import type { Semaphore } from './semaphore.js';

interface Reading {
  readonly maxBytes: number;
  readonly largeBodies: Semaphore;
  /** The members that name an item, such as `target`. Empty if items are not cut. */
  readonly naming: readonly string[];
}

/** Reads a response to its end and says what it is. Never rejects. */
export async function readReply(response: Dispatcher.ResponseData, reading: Reading): Promise<UpstreamReply> {
  const headers = readHeaders(response.headers, Date.now());
  const httpStatus = response.statusCode;
  const body = await readBody(response, reading);
  if (body.end === 'cut') {
    const reason = `the body is longer than ${reading.maxBytes} bytes`;
    return { kind: 'unreadable', httpStatus, reason, headers, ended: true, body: body.bytes, isCut: true };
  }
  try {
    return replyWith(body, parsed(body.bytes, reading.naming), { httpStatus, headers });
  } catch (error) {
    const reason = body.end === 'broken' ? 'the connection ended within the body' : messageOf(error);
    return unreadable(body, { httpStatus, headers, reason });
  }
}

/** Answers of the API nest eight levels deep. Only large bodies are checked. */
const MOST_LEVELS = 100;

/** Getting memory for a longer text takes longer than parsing the text. */
const LONG_BYTES = 128 * 1024;

function parsed(bytes: Buffer, naming: readonly string[]): unknown {
  if (bytes.length > SMALL_BYTES && nestsDeeperThan(MOST_LEVELS, bytes)) throw new Error('the body nests too deep');
  const cut = naming.length > 0 && bytes.length > LONG_BYTES ? cutItems(bytes, naming) : null;
  return jsonOf(cut ?? bytes.toString('utf8'));
}

/** If the connection broke after the last byte of the JSON, nothing is lost. */
function replyWith(body: Body, json: unknown, at: { httpStatus: number; headers: ReplyHeaders }): UpstreamReply {
  const reply = replyOf(json, at.httpStatus, at.headers);
  if (reply.kind === 'answer') return { ...reply, ...bodyBytes(body) };
  return reply.kind === 'unreadable' ? unreadable(body, { ...at, reason: reply.reason }) : reply;
}

function bodyBytes({ bytes, packed }: Body): BodyBytes<Buffer> {
  return packed === null ? { body: bytes, packed } : { body: null, packed };
}

function unreadable(
  { bytes, end }: Body,
  at: { httpStatus: number; headers: ReplyHeaders; reason: string },
): UpstreamReply {
  const ended = end === 'whole';
  return { kind: 'unreadable', ...at, ended, body: ended ? bytes : null, isCut: false };
}

/** What a parsed body is: an answer, a gateway's error, or neither. */
export function replyOf(json: unknown, httpStatus: number, headers: ReplyHeaders): FreeReply {
  const envelope = readEnvelope(json);
  if (envelope !== null) return { kind: 'answer', httpStatus, envelope, headers };
  const gateway = httpStatus >= 400 ? readGatewayError(json, headers.requestId) : null;
  if (gateway !== null) return { kind: 'gateway_error', httpStatus, ...gateway, headers };
  const reason = 'the body is not an answer of this API';
  return { kind: 'unreadable', httpStatus, reason, headers, ended: true, body: null, isCut: false };
}

/** Codes of errors that come before there is a connection: nothing was sent. */
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

/** The reply to a request that threw. `unsent` only if certainly nothing was sent. */
export function failureOf(error: unknown): FailedReply {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const beforeConnection = UNSENT.has(code) || /^(ERR_TLS|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERR_SSL)/.test(code);
  if (beforeConnection) return { kind: 'unsent', reason: code };
  const reason = messageOf(error);
  return { kind: 'unreadable', httpStatus: null, reason, headers: null, ended: false, body: null, isCut: false };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
