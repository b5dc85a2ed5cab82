import { RedisTrouble } from '@linkhaul/jobs';
import { NewerFormat, StorageAway } from '@linkhaul/storage';

/** Messages of ioredis, which has no codes, for a command that never left this process. */
const NEVER_SENT = /^(Stream isn't writeable|EXECABORT|LOADING|MOVED|CLUSTERDOWN|NOREPLICAS|.*ECONNREFUSED)/;

/** Messages for commands that may have run, and from a Redis that accepts no writes. */
const UNAVAILABLE =
  /^(Connection is closed|Command timed out|Connection in subscriber mode|MISCONF|OOM|READONLY|MASTERDOWN)/;

/** System error codes of a connection that failed. */
const CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE'];

/** Whether an error means that Redis, storage or their contents are out of reach, rather than a fault of this process. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof StorageAway || error instanceof NewerFormat) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof RedisTrouble) return error.away;
  if (error.name === 'MaxRetriesPerRequestError' || UNAVAILABLE.test(error.message) || neverSent(error)) return true;
  return 'code' in error && typeof error.code === 'string' && CODES.includes(error.code);
}

/** Whether a Redis command certainly had no effect. */
export function neverSent(error: unknown): boolean {
  return error instanceof Error && NEVER_SENT.test(error.message);
}
