import { timingSafeEqual } from 'node:crypto';
import { parseUrl } from '@linkhaul/schemas';
import { createMiddleware } from 'hono/factory';
import { type ApiKey, hashKey, isLoopback } from '../env.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

/** The tenant when no keys are set. */
const LOCAL_TENANT = 'local';

/** Names the tenant of a request, by its key, or, without keys, only for callers that are on this machine themselves. */
export function authenticate(keys: readonly ApiKey[] | null) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (keys === null) {
      requireLocalCaller(c.req.header('host'), c.req.header('origin'));
      c.set('tenant', LOCAL_TENANT);
    } else {
      c.set('tenant', tenantOf(keys, c.req.header('authorization')));
    }
    await next();
  });
}

/**
 * Without keys a web page that the user has open could call this server: its Origin would tell, and so would the Host
 * of a name that was made to point here.
 */
function requireLocalCaller(host: string | undefined, origin: string | undefined): void {
  const hostName = host === undefined ? null : nameIn(`http://${host}`);
  const originName = origin === undefined ? null : nameIn(origin);
  const local =
    hostName !== null &&
    isLoopback(hostName) &&
    (origin === undefined || (originName !== null && isLoopback(originName)));
  if (local) return;
  throw new ApiProblem(
    'forbidden_origin',
    'Call this server by its loopback address, or set LINKHAUL_API_KEYS to let others in.',
  );
}

function nameIn(url: string): string | null {
  return parseUrl(url)?.hostname ?? null;
}

function tenantOf(keys: readonly ApiKey[], authorization: string | undefined): string {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const hash = Buffer.from(hashKey(given ?? ''));
  // Every key is compared, so that the time taken says nothing about which was near.
  const [match] = keys.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (given !== undefined && match !== undefined) return match.tenant;
  throw new ApiProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
