import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, isMadeKey } from '@linkhaul/jobs';
import { type KeyScope, parseUrl } from '@linkhaul/schemas';
import { createMiddleware } from 'hono/factory';
import { type ApiKey, hashKey, isLoopback } from '../env.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

/** The tenant when no keys are set. */
const LOCAL_TENANT = 'local';

/**
 * Names the tenant of a request and what it may do, by its key, or, without keys, only for callers that are on this
 * machine themselves. The operator's keys, and such callers, have every scope of their tenant.
 */
export function authenticate(keys: readonly ApiKey[] | null, made: ApiKeys) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const secret = bearerOf(c.req.header('authorization'));
    const caller = secret === null ? null : await callerOf(secret, keys ?? [], made);
    if (caller !== null) {
      c.set('tenant', caller.tenant);
      c.set('scope', caller.scope);
    } else if (keys === null && !(secret !== null && isMadeKey(secret))) {
      requireLocalCaller(c.req.header('host'), c.req.header('origin'));
      c.set('tenant', LOCAL_TENANT);
      c.set('scope', 'admin');
    } else {
      throw new ApiProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    await next();
  });
}

interface Caller {
  readonly tenant: string;
  readonly scope: KeyScope;
}

/** Made keys are asked for at every request: who takes one away takes it away now. */
async function callerOf(secret: string, keys: readonly ApiKey[], made: ApiKeys): Promise<Caller | null> {
  const hash = Buffer.from(hashKey(secret));
  // Every key is compared, so that the time taken says nothing about which was near.
  const [match] = keys.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (match !== undefined) return { tenant: match.tenant, scope: 'admin' };
  return isMadeKey(secret) ? made.find(secret) : null;
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

function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}
