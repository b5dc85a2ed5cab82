import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { StorageAway } from '../../away.js';
import { codeOf as systemCodeOf } from '../system-errors.js';
import type { S3Answer, S3Connection, S3Request } from './connection.js';
import { codeOf, refusalOf } from './refusal.js';
import type { Signer } from './signer.js';

interface Wanted extends S3Request {
  /** Statuses that the caller handles, besides 200 and 204. */
  readonly takes?: readonly number[];
  /** The right that the credentials need, such as `s3:GetObject`. */
  readonly right: string;
}

export interface Exchanged extends S3Answer {
  /** The request was sent more than once, and the store may have done it the first time. */
  readonly isRepeated: boolean;
}

/** Sends a request to the store, and repeats it if the store could not do it at that moment. Rejects with `StorageAway`. */
export type Exchange = (request: Wanted) => Promise<Exchanged>;

interface Parties {
  readonly connection: S3Connection;
  readonly signer: Signer;
  /** For messages. */
  readonly place: string;
  /** The pause before each repetition. */
  readonly pauses: readonly number[];
}

/** The most requests that are under way, or wait to be repeated. Further ones queue. */
const MOST_AT_ONCE = 32;
/** For reads and writes, which must succeed. */
export const PATIENT_MS = [50, 200, 800, 2_000];
/** For checks, which must answer soon, and are made again a moment later. */
export const QUICK_MS = [50, 200];
/** After this long nothing is repeated a second time, because the caller must learn of the failure. */
const PATIENCE_MS = 8_000;
const BUSY_STATUSES = new Set([429, 500, 502, 503, 504]);
/** Codes of other statuses that go away by themselves. */
const BUSY_CODES = new Set([
  'InternalError',
  'SlowDown',
  'ServiceUnavailable',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'OperationAborted',
]);

/** Codes that mean that the credentials may have been replaced. */
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
  /** Whether the same request may succeed a moment later. */
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

/** Long work is answered 200 before it is done. The body then says whether it failed. */
function isFailedWork({ method }: S3Request, { status, body }: S3Answer): boolean {
  return method === 'POST' && status === 200 && /^(<\?[^>]*\?>\s*)?<Error>/.test(body.toString('utf8'));
}

/** The system's error code, if there is one. If several addresses were tried, it is that of the first. */
function wordsOf(error: Error): string {
  const [first = error]: unknown[] = error instanceof AggregateError ? error.errors : [];
  return systemCodeOf(first) ?? error.message;
}
