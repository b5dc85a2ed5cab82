import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { StorageAway } from '../../away.js';
import { codeOf as systemCodeOf } from '../system-errors.js';
import type { S3Answer, S3Connection, S3Request } from './connection.js';
import { codeOf, refusalOf } from './refusal.js';
import type { Signer } from './signer.js';

interface Wanted extends S3Request {
  /** Statuses that the caller understands, beside 200 and 204. */
  readonly takes?: readonly number[];
  /** What the credentials must allow. */
  readonly right: string;
}

export interface Exchanged extends S3Answer {
  /** The request was sent before, and the store may have done it then. */
  readonly isRepeated: boolean;
}

/** Has the store do a request, and repeats it where it could not be done at that moment. Rejects with `StorageAway`. */
export type Exchange = (request: Wanted) => Promise<Exchanged>;

interface Parties {
  readonly connection: S3Connection;
  readonly signer: Signer;
  /** For messages. */
  readonly place: string;
  /** Before each repetition. */
  readonly pauses: readonly number[];
}

/** Requests that are under way, or wait to be repeated; more wait their turn. */
const MOST_AT_ONCE = 32;
/** For work, which must be done. */
export const PATIENT_MS = [50, 200, 800, 2_000];
/** For checks, which must tell soon, and are made again a moment later. */
export const QUICK_MS = [50, 200];
/** After this long nothing is repeated a second time: the caller must be told. */
const PATIENCE_MS = 8_000;
const BUSY_STATUSES = new Set([429, 500, 502, 503, 504]);
/** Codes of other statuses that pass. */
const BUSY_CODES = new Set([
  'InternalError',
  'SlowDown',
  'ServiceUnavailable',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'OperationAborted',
]);

/** Codes of credentials that may have been replaced. */
const REFUSED_CREDENTIALS = new Set(['ExpiredToken', 'InvalidToken', 'InvalidAccessKeyId']);

export function createExchange({ connection, signer, place, pauses }: Parties): Exchange {
  const once = async (request: S3Request): Promise<S3Answer | Error> => {
    try {
      const answer = await connection.send(request);
      return isFailedWork(request, answer) ? { ...answer, status: 500 } : answer;
    } catch (error) {
      // There are no credentials.
      if (error instanceof StorageAway) throw error;
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  /** Whether the same request may be done a moment later. */
  const passes = async (said: S3Answer | Error): Promise<boolean> => {
    if (said instanceof Error || BUSY_STATUSES.has(said.status)) return true;
    if (said.status < 400) return false;
    const code = codeOf(said) ?? '';
    if (REFUSED_CREDENTIALS.has(code)) return signer.renewCredentials();
    return code === 'RequestTimeTooSkewed' ? signer.setClock(said.date) : BUSY_CODES.has(code);
  };
  const slots = pLimit(MOST_AT_ONCE);
  const exchange: Exchange = async ({ takes = [], right, ...request }) => {
    const begun = performance.now();
    let said = await once(request);
    let isRepeated = false;
    for (const pause of pauses) {
      if (!(await passes(said)) || (isRepeated && performance.now() - begun > PATIENCE_MS)) break;
      await sleep(pause * (0.5 + Math.random()));
      said = await once(request);
      isRepeated = true;
    }
    if (said instanceof Error) {
      throw new StorageAway(`storage does not serve: ${wordsOf(said)} at ${place}`, { cause: said });
    }
    if (isDone(said) || takes.includes(said.status)) return { ...said, isRepeated };
    throw refusalOf(said, right, place);
  };
  return (request) => slots(exchange, request);
}

function isDone({ status }: S3Answer): boolean {
  return status === 200 || status === 204;
}

/** Long work is answered 200 before it is done, and the body says where it failed. */
function isFailedWork({ method }: S3Request, { status, body }: S3Answer): boolean {
  return method === 'POST' && status === 200 && /^(<\?[^>]*\?>\s*)?<Error>/.test(body.toString('utf8'));
}

/** The system's code where there is one: of several addresses that were tried, the first one's. */
function wordsOf(error: Error): string {
  const [first = error]: unknown[] = error instanceof AggregateError ? error.errors : [];
  return systemCodeOf(first) ?? error.message;
}
