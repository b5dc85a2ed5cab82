import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, isMadeKey } from '@linkhaul/jobs';
import { bearerOf, clientOf, isLocalCaller } from '@linkhaul/runtime';
import type { KeyScope } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
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
  const callerOf = async (c: Context<AppEnv>): Promise<Caller | null> => {
    const secret = bearerOf(c.req.header('authorization'));
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

interface Caller {
  /** Null for the admin, who is no tenant. */
  readonly tenant: string | null;
  /** What a job's history says: the id of a key that was made here; of one that the operator has set, its tenant. */
  readonly by: string;
  readonly scope: KeyScope;
  readonly isAdmin: boolean;
  /** Their key, where it is one that was made here. */
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

/** Who has a key of the operator's needs no Redis, and no place among those who try keys. */
function operatorsCaller(secret: string, { keys, adminKey }: Keys): Caller | null {
  const all = [...(keys ?? []), ...(adminKey === null ? [] : [{ tenant: null, hash: adminKey }])];
  const hash = Buffer.from(hashKey(secret));
  // Every key is compared, so that the time taken says nothing about which was near.
  const [match] = all.filter((key) => timingSafeEqual(hash, Buffer.from(key.hash)));
  if (match === undefined) return null;
  const { tenant } = match;
  return { tenant, by: tenant ?? ADMIN, scope: 'admin', isAdmin: tenant === null };
}

/** Made keys are asked for at every request: who takes one away takes it away now. */
async function madeCaller(secret: string, made: ApiKeys): Promise<Caller | null> {
  const key = await made.find(secret);
  return key === null ? null : { tenant: key.tenant, by: key.id, scope: key.scope, isAdmin: false, madeKey: secret };
}

async function nobody(): Promise<null> {
  return null;
}

/** Stands before what belongs to a tenant. */
export const requireTenant = createMiddleware<AppEnv>(async (c, next) => {
  if (c.get('tenant') === undefined) throw noTenant();
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
  if (isLocalCaller(c.env.incoming)) {
    return { tenant: LOCAL_TENANT, by: LOCAL_TENANT, scope: 'admin', isAdmin: true };
  }
  throw new ApiProblem(
    'forbidden_origin',
    'Call this server by its loopback address, through no proxy, and from no page of another origin, or set LINKHAUL_API_KEYS to let others in.',
  );
}

/** Whose failures are counted; null where a trusted proxy names nobody: as one client, all would wait for each other. */
function addressOf({ env }: Context<AppEnv>, { connections }: Pick<ApiEnv, 'connections'>): string | null {
  return clientOf(env.incoming, connections.proxies);
}
