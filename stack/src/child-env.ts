import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from './env.js';

/** The environment of the local Backlinks API. */
export function backlinksEnv(env: Environment, dataDir: string, port: number): Environment {
  return {
    ...env,
    ...logging(env),
    HOST: '127.0.0.1',
    PORT: String(port),
    BACKLINKS_DATA: given(env.BACKLINKS_DATA) ?? join(dataDir, 'backlinks.duckdb'),
  };
}

/** The variables that API and workers share: the addresses of Redis, storage and upstream. */
export function serviceEnv(
  env: Environment,
  at: { dataDir: string; redisUrl: string; backlinksUrl: string | null },
): Environment {
  return {
    ...env,
    ...logging(env),
    REDIS_URL: at.redisUrl,
    STORAGE_URL: given(env.STORAGE_URL) ?? pathToFileURL(join(at.dataDir, 'storage')).href,
    ...(at.backlinksUrl === null ? {} : localUpstream(env, at.backlinksUrl)),
  };
}

/**
 * Points the processes at the local Backlinks API and unsets all other upstream variables; an empty variable counts as
 * unset.
 */
function localUpstream(env: Environment, url: string): Environment {
  const { login, password } = localCredentials(env);
  return {
    UPSTREAM_URL: url,
    UPSTREAM_LOGIN: login,
    UPSTREAM_PASSWORD: password,
    UPSTREAM_LOGIN_FILE: '',
    UPSTREAM_PASSWORD_FILE: '',
    UPSTREAM_TOKEN: '',
    UPSTREAM_TOKEN_FILE: '',
    UPSTREAM_FLAVOR: '',
    UPSTREAM_BODY: '',
  };
}

/** The credentials that the local Backlinks API accepts. */
export function localCredentials(env: Environment): { readonly login: string; readonly password: string } {
  return { login: given(env.BACKLINKS_LOGIN) ?? 'local', password: given(env.BACKLINKS_PASSWORD) ?? 'local' };
}

/** At least level info, because the ready message is logged at that level. */
function logging(env: Environment): Environment {
  return { LOG_LEVEL: env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace' ? env.LOG_LEVEL : 'info' };
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
