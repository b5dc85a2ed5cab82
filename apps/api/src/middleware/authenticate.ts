import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, isMadeKey } from '@linkhaul/jobs';
import { isLoopback } from '@linkhaul/runtime';
import { type KeyScope, parseUrl } from '@linkhaul/schemas';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { type ApiEnv, hashKey } from '../env.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

/** The tenant when no keys are set. */
const LOCAL_TENANT = 'local';
/** Who acts with the admin's key, which belongs to no tenant. */
const ADMIN = 'admin';

type Keys = Pick<ApiEnv, 'keys' | 'adminKey'>;

/**
 * Names who calls and what they may do, by their key, or, without keys, only those that are on this machine themselves:
 * they are a tenant and may do what the admin may. The operator's keys have every scope of their tenant.
 */
export function authenticate({ keys, adminKey }: Keys, made: ApiKeys) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const secret = bearerOf(c.req.header('authorization'));
    const caller = secret === null ? null : await callerOf(secret, { keys, adminKey }, made);
    if (caller !== null) {
      if (caller.tenant !== null) c.set('tenant', caller.tenant);
      c.set('by', caller.by);
      c.set('scope', caller.scope);
      c.set('isAdmin', caller.tenant === null);
    } else if (keys === null && !(secret !== null && isMadeKey(secret))) {
      requireLocalCaller(c.req.header('host'), c.req.header('origin'));
      c.set('tenant', LOCAL_TENANT);
      c.set('by', LOCAL_TENANT);
      c.set('scope', 'admin');
      c.set('isAdmin', true);
    } else {
      throw new ApiProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    await next();
  });
}

interface Caller {
  /** Null for the admin, who is no tenant. */
  readonly tenant: string | null;
  /** What a job's history says: the id of a key that was made here; of one that the operator has set, its tenant. */
  readonly by: string;
  readonly scope: KeyScope;
}

/** Made keys are asked for at every request: who takes one away takes it away now. */
async function callerOf(secret: string, { keys, adminKey }: Keys, made: ApiKeys): Promise<Caller | null> {
  const all = [...(keys ?? []), ...(adminKey === null ? [] : [{ tenant: null, hash: adminKey }])];
  const hash = Buffer.from(hashKey(secret));
  // Every key is compared, so that the time taken says nothing about which was near.
  const [match] = all.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (match !== undefined) return { tenant: match.tenant, by: match.tenant ?? ADMIN, scope: 'admin' };
  const key = isMadeKey(secret) ? await made.find(secret) : null;
  return key === null ? null : { tenant: key.tenant, by: key.id, scope: key.scope };
}

/** Stands before what belongs to a tenant. What no route takes is not found, whoever asks for it. */
export const requireTenant = createMiddleware<AppEnv>(async (c, next) => {
  const isTaken = matchedRoutes(c).some(({ method }) => method !== 'ALL');
  if (isTaken && c.get('tenant') === undefined) throw noTenant();
  await next();
});

export function noTenant(): ApiProblem {
  return new ApiProblem('forbidden', "The admin's key belongs to no tenant: send a tenant's key here.");
}

/** Stands before what only the admin may do. */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  if (!c.get('isAdmin')) {
    throw new ApiProblem('forbidden', 'Only the key in LINKHAUL_ADMIN_KEY may do this: send that one.');
  }
  await next();
});

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

export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}
