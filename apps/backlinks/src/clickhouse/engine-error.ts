import type { Address } from './address.js';

/** A ClickHouse cannot be used. The message says why in one sentence, and what to do. */
export class EngineError extends Error {}

interface Sentence {
  readonly codes: readonly string[];
  readonly says: (where: Where) => string;
}

interface Where {
  readonly host: string;
  readonly database: string;
  readonly user: string;
}

const SENTENCES: readonly Sentence[] = [
  {
    codes: ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'],
    says: ({ host }) => `${host} cannot be reached: check the address, and that its HTTP interface listens there`,
  },
  {
    // AUTHENTICATION_FAILED, and of older servers UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD
    codes: ['516', '192', '193', '194'],
    says: ({ host, user }) => `${host} does not take the password of ${user}: check both`,
  },
  {
    // ACCESS_DENIED
    codes: ['497'],
    says: ({ user, database }) => `${user} may not do this in the database ${database}: grant it to this user`,
  },
  {
    // UNKNOWN_DATABASE
    codes: ['81'],
    says: ({ host, database }) => `${host} has no database ${database}: export a graph into it first`,
  },
  {
    // UNKNOWN_TABLE
    codes: ['60'],
    says: ({ host, database }) => `the database ${database} at ${host} holds no whole graph: export one into it first`,
  },
  {
    // UNKNOWN_SETTING
    codes: ['115'],
    says: ({ host }) => `${host} is a ClickHouse that is too old for these queries: take a newer one`,
  },
];

/** The error for what a ClickHouse or the way to it answers. The server's own message is cut to its first sentence. */
export function engineError(cause: unknown, { url, database, username }: Address): EngineError {
  const host = new URL(url).host;
  const code = codeOf(cause);
  const known = SENTENCES.find(({ codes }) => code !== null && codes.includes(code));
  const message =
    known?.says({ host, database, user: username }) ?? `${host} cannot serve the graph (${firstSentence(cause)})`;
  return new EngineError(message, { cause });
}

/** The code of ClickHouse or of Node.js; null where an error has none. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : null;
}

function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(/\n|\. /, 1)[0]?.slice(0, 300) ?? '';
}
