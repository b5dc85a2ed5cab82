import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries this login and password. Takes as long for a wrong one as for the right. */
export function isAuthorized(header: string | undefined, credentials: { login: string; password: string }): boolean {
  const expected = `Basic ${Buffer.from(`${credentials.login}:${credentials.password}`).toString('base64')}`;
  return timingSafeEqual(digest(header ?? ''), digest(expected));
}

/** Hashes are of one length, which the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
