import { createHash, timingSafeEqual } from 'node:crypto';
import type { BacklinksEnv } from './env.js';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  /** The gateway's bearer token; null if there is none. */
  readonly token: string | null;
}

/** The default password and token, which everybody knows. */
const KNOWN = 'local';

/** Setting a password is meant to keep others out, so the default token is then not valid either. */
export function credentialsOf(env: CredentialsEnv): Credentials {
  return {
    login: env.BACKLINKS_LOGIN,
    password: env.BACKLINKS_PASSWORD ?? KNOWN,
    token: env.BACKLINKS_TOKEN ?? (env.BACKLINKS_PASSWORD === undefined ? KNOWN : null),
  };
}

type CredentialsEnv = Pick<BacklinksEnv, 'BACKLINKS_LOGIN' | 'BACKLINKS_PASSWORD' | 'BACKLINKS_TOKEN'>;

const BASIC = /^Basic +(\S+)$/i;

/** Whether an `Authorization` header carries this login and password. */
export function isAuthorized(header: string | undefined, { login, password }: Credentials): boolean {
  const [, given = ''] = BASIC.exec(header ?? '') ?? [];
  return isSame(given, Buffer.from(`${login}:${password}`).toString('base64'));
}

/** Compares in constant time. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** `timingSafeEqual` needs inputs of equal length, which hashes have. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
