import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, isMadeKey } from '@linkhaul/jobs';
import { clientOf, isLocalCaller } from '@linkhaul/runtime';
import type { KeyScope } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { type ApiEnv, hashKey } from '../env.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';
import { createFailedKeys } from './failed-keys.js';

/** The tenant when no keys are set. */
const LOCAL_TENANT = 'local';
/** Who acts with the admin's key, which belongs to no tenant. */
const ADMIN = 'admin';

type Keys = Pick<ApiEnv, 'keys' | 'adminKey' | 'connections'>;

/**
 * Names who calls and what they may do, by their key, or, without keys, only those that are on this machine themselves:
 * they are a tenant and may do what the admin may. The operator's keys have every scope of their tenant.
 */
export function authenticate(env: Keys, made: ApiKeys) {
  const failed = createFailedKeys();
  const byKey = async (c: Context<AppEnv>, secret: string): Promise<Caller | null> => {
    const hash = hashKey(secret);
    failed.admit(addressOf(c, env), hash);
    const caller = await callerOf(secret, env, made);
    if (caller !== null) failed.right(hash);
    return caller;
  };
  return createMiddleware<AppEnv>(async (c, next) => {
    const secret = bearerOf(c.req.header('authorization'));
    const caller = secret === null ? null : await byKey(c, secret);
    if (caller !== null) enter(c, caller);
    else if (env.keys === null && !(secret !== null && isMadeKey(secret))) enter(c, localCaller(c));
    else throw (secret !== null && (await failed.wrong(addressOf(c, env)))) || noKey();
    await next();
  });
}

interface Caller {
  /** Null for the admin, who is no tenant. */
  readonly tenant: string | null;
  /** What a job's history says: the id of a key that was made here; of one that the operator has set, its tenant. */
  readonly by: string;
  readonly scope: KeyScope;
  readonly isAdmin: boolean;
}

function enter(c: Context<AppEnv>, { tenant, by, scope, isAdmin }: Caller): void {
  if (tenant !== null) c.set('tenant', tenant);
  c.set('by', by);
  c.set('scope', scope);
  c.set('isAdmin', isAdmin);
}

function noKey(): ApiProblem {
  return new ApiProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** Made keys are asked for at every request: who takes one away takes it away now. */
async function callerOf(secret: string, { keys, adminKey }: Keys, made: ApiKeys): Promise<Caller | null> {
  const all = [...(keys ?? []), ...(adminKey === null ? [] : [{ tenant: null, hash: adminKey }])];
  const hash = Buffer.from(hashKey(secret));
  // Every key is compared, so that the time taken says nothing about which was near.
  const [match] = all.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (match !== undefined) {
    const { tenant } = match;
    return { tenant, by: tenant ?? ADMIN, scope: 'admin', isAdmin: tenant === null };
  }
  const key = isMadeKey(secret) ? await made.find(secret) : null;
  return key === null ? null : { tenant: key.tenant, by: key.id, scope: key.scope, isAdmin: false };
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

/** Without keys, who is on this machine may do all. */
function localCaller(c: Context<AppEnv>): Caller {
  if (isLocalCaller((name) => c.req.header(name))) {
    return { tenant: LOCAL_TENANT, by: LOCAL_TENANT, scope: 'admin', isAdmin: true };
  }
  throw new ApiProblem(
    'forbidden_origin',
    'Call this server by its loopback address, and from no page of another origin, or set LINKHAUL_API_KEYS to let others in.',
  );
}

/** Whose failures are counted; trusted proxies that name nobody are one. */
function addressOf({ env }: Context<AppEnv>, { connections }: Pick<ApiEnv, 'connections'>): string {
  return clientOf(env.incoming, connections.proxies) ?? '';
}

export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}
