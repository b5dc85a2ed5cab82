import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, isMadeKey } from '@linkhaul/jobs';
import { basicOf, bearerOf, clientOf, isLocalCaller } from '@linkhaul/runtime';
import type { KeyScope } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type ApiEnv, hashKey } from '../env.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';
import { createFailedKeys } from './failed-keys.js';

/** The tenant when no keys are set. */
const LOCAL_TENANT = 'local';
/** The admin's name in a job's history. */
const ADMIN = 'admin';

type Keys = Pick<ApiEnv, 'keys' | 'adminKey' | 'connections'>;

/**
 * Identifies the caller by the key. If no keys are set, only callers on this machine are let in, as tenant `local` with the
 * admin's rights. The operator's keys have every scope of their tenant.
 */
export function authenticate(env: Keys, made: ApiKeys, { takesBasic = false }: { takesBasic?: boolean } = {}) {
  const failed = createFailedKeys();
  const callerOf = async (c: Context<AppEnv>): Promise<Caller | null> => {
    const basic = takesBasic ? basicOf(c.req.header('authorization')) : null;
    const caller = await callerWith(c, basic?.password ?? bearerOf(c.req.header('authorization')));
    // Without keys any login is accepted: scripts written for the vendor send the login that they already have.
    const isTaken = basic === null || env.keys === null || (caller !== null && isLogin(basic.login, caller));
    return isTaken ? caller : null;
  };
  const callerWith = async (c: Context<AppEnv>, secret: string | null): Promise<Caller | null> => {
    const operators = secret === null ? null : operatorsCaller(secret, env);
    if (operators !== null) return operators;
    if (secret !== null && isMadeKey(secret)) {
      return failed.judge(addressOf(c, env), hashKey(secret), () => madeCaller(secret, made));
    }
    if (env.keys === null) return localCaller(c);
    return secret === null ? null : failed.judge(addressOf(c, env), hashKey(secret), nobody);
  };
  return createMiddleware<AppEnv>(async (c, next) => {
    const caller = await callerOf(c);
    if (caller === null) throw noKey();
    enter(c, caller);
    await next();
  });
}

/** The vendor's clients send a key as the password. The login is the key's tenant, or the key's id. */
function isLogin(login: string, { tenant, by }: Caller): boolean {
  return login === tenant || login === by;
}

interface Caller {
  /** Null for the admin, who belongs to no tenant. */
  readonly tenant: string | null;
  /** Shown in a job's history: the id of a key made by the API, or the tenant of an operator's key. */
  readonly by: string;
  readonly scope: KeyScope;
  readonly isAdmin: boolean;
  /** The caller's key, if it was made by the API. */
  readonly madeKey?: string;
}

function enter(c: Context<AppEnv>, { tenant, by, scope, isAdmin, madeKey }: Caller): void {
  if (tenant !== null) c.set('tenant', tenant);
  c.set('by', by);
  c.set('scope', scope);
  c.set('isAdmin', isAdmin);
  if (madeKey !== undefined) c.set('madeKey', madeKey);
}

function noKey(): ApiProblem {
  return new ApiProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** The operator's keys are checked without Redis, and are not slowed by wrong keys of the same address. */
function operatorsCaller(secret: string, { keys, adminKey }: Keys): Caller | null {
  const all = [...(keys ?? []), ...(adminKey === null ? [] : [{ tenant: null, hash: adminKey }])];
  const hash = Buffer.from(hashKey(secret));
  // Every key is compared, so that the time taken does not depend on which one matches.
  const [match] = all.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (match === undefined) return null;
  const { tenant } = match;
  return { tenant, by: tenant ?? ADMIN, scope: 'admin', isAdmin: tenant === null };
}

/** Keys made by the API are looked up at every request, so that a revoked key stops at once. */
async function madeCaller(secret: string, made: ApiKeys): Promise<Caller | null> {
  const key = await made.find(secret);
  return key === null ? null : { tenant: key.tenant, by: key.id, scope: key.scope, isAdmin: false, madeKey: secret };
}

async function nobody(): Promise<null> {
  return null;
}

/** Guards routes that belong to a tenant. */
export const requireTenant = createMiddleware<AppEnv>(async (c, next) => {
  if (c.get('tenant') === undefined) throw noTenant();
  await next();
});

export function noTenant(): ApiProblem {
  return new ApiProblem('forbidden', "The admin's key belongs to no tenant: send a tenant's key here.");
}

/** Guards routes of the admin alone. */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  if (!c.get('isAdmin')) {
    throw new ApiProblem('forbidden', 'Only the key in LINKHAUL_ADMIN_KEY may do this: send that one.');
  }
  await next();
});

/** The caller if no keys are set: anybody on this machine, with all rights. */
function localCaller(c: Context<AppEnv>): Caller {
  if (isLocalCaller(c.env.incoming)) {
    return { tenant: LOCAL_TENANT, by: LOCAL_TENANT, scope: 'admin', isAdmin: true };
  }
  throw new ApiProblem(
    'forbidden_origin',
    'Call this server by its loopback address, through no proxy, and from no page of another origin, or set LINKHAUL_API_KEYS to let others in.',
  );
}

/** The address whose wrong keys are counted. Null if a trusted proxy names no client: all its clients would be slowed as one. */
function addressOf({ env }: Context<AppEnv>, { connections }: Pick<ApiEnv, 'connections'>): string | null {
  return clientOf(env.incoming, connections.proxies);
}
