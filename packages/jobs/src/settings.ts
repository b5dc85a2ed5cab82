import { isIP } from 'node:net';
import {
  parseRedisUrl,
  parseStorageUrl,
  type RedisAddress,
  type RedisSettings,
  type StorageSettings,
} from '@linkhaul/storage';
import { z } from 'zod';
import { timingOf } from './timing.js';

const storageUrl = z.string().transform((text, ctx) => {
  const settings = parseStorageUrl(text);
  if (settings !== null) return settings;
  ctx.addIssue('must be redis:, file:///a/directory or s3://bucket/prefix?endpoint=&region=&path_style=');
  return z.NEVER;
});

const redisUrl = z.string().transform((text, ctx): RedisAddress => {
  const address = parseRedisUrl(text);
  if (address !== null) return address;
  // The message must not contain the URL, which may hold a password.
  ctx.addIssue(
    'must be redis://host:port, rediss://host:port, redis+sentinel://host:port,host:port/name or redis+cluster://host:port,host:port',
  );
  return z.NEVER;
});

/** `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`. */
function isServer(text: string): boolean {
  const [, bracketed, bare, port = '53'] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return isIP(text) === 6 || (isIP(bracketed ?? bare ?? '') === (bracketed === undefined ? 4 : 6) && isPort(port));
}

function isPort(text: string): boolean {
  return Number(text) > 0 && Number(text) < 65_536;
}

const dnsServers = z.string().transform((text, ctx) => {
  const servers = text.split(',').map((server) => server.trim());
  if (servers.every(isServer)) return servers;
  ctx.addIssue('must be IP addresses, each with a port or without, separated by commas');
  return z.NEVER;
});

/** The environment variables on which API and workers must agree. */
export const sharedSettings = {
  REDIS_URL: z.string().default('redis://127.0.0.1:6379').pipe(redisUrl),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('linkhaul'),
  STORAGE_URL: z.string().default('redis:').pipe(storageUrl),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+=*$/, 'must be whsec_ and base64')
    .optional(),
  /** For tests only. All processes of an installation have the same value. */
  TIME_SCALE: z.coerce.number().min(0.01).max(1).default(1).transform(timingOf),
  WEBHOOK_DNS_SERVERS: dnsServers.optional().transform((servers) => servers ?? []),
};

/** Redis as an environment names it. In a cluster the prefix is a hash tag, so that all keys lie in one slot. */
export function redisOf(env: { readonly REDIS_URL: RedisAddress; readonly REDIS_PREFIX: string }): RedisSettings {
  const { REDIS_URL: address, REDIS_PREFIX: prefix } = env;
  return { address, prefix: address.kind === 'cluster' ? `{${prefix}}` : prefix };
}

interface StorageEnv {
  readonly STORAGE_URL: StorageSettings;
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
}

/** The storage that an environment names, with the credentials of a bucket. */
export function storageOf(env: StorageEnv): StorageSettings {
  const { STORAGE_URL: named, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return named;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN ?? null };
  return { ...named, open: (access) => named.open({ ...access, credentials }) };
}

/** For a schema's `refine`: without either, a bucket takes the credentials of the machine. */
export const bucketCredentials = {
  // Called even if STORAGE_URL is invalid, because all rules are checked.
  areWhole: ({ STORAGE_URL: named, ...env }: Partial<StorageEnv>): boolean =>
    named?.kind !== 's3' || (env.AWS_ACCESS_KEY_ID === undefined) === (env.AWS_SECRET_ACCESS_KEY === undefined),
  problem: {
    path: ['AWS_ACCESS_KEY_ID'],
    message: 'and AWS_SECRET_ACCESS_KEY are needed both, or neither',
    when: () => true,
  },
};
