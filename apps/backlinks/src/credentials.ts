import { createHash, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  /** The gateway's bearer token. */
  readonly token: string;
}

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
