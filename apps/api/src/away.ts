import { RedisTrouble } from '@linkhaul/jobs';
import { StorageAway } from '@linkhaul/storage';

/** How ioredis says that a command did not leave this process: it has no codes for it. */
const NEVER_SENT = /^(Stream isn't writeable|EXECABORT|LOADING|.*ECONNREFUSED)/;

/** The same for commands whose fate is open, and what Redis says when it cannot take writes. */
const AWAY = /^(Connection is closed|Command timed out|Connection in subscriber mode|MISCONF|OOM|READONLY|MASTERDOWN)/;

/** Codes of a connection that cannot serve now. */
const CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE'];

/** Whether an error says that Redis or the storage cannot serve now, rather than that something is wrong with us. */
export function isAway(error: unknown): boolean {
  if (error instanceof StorageAway) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof RedisTrouble) return error.away;
  if (error.name === 'MaxRetriesPerRequestError' || AWAY.test(error.message) || neverSent(error)) return true;
  return 'code' in error && typeof error.code === 'string' && CODES.includes(error.code);
}

/** Whether a Redis command surely had no effect. */
export function neverSent(error: unknown): boolean {
  return error instanceof Error && NEVER_SENT.test(error.message);
}
