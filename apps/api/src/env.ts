import { createHash } from 'node:crypto';
import {
  bucketCredentials,
  type Prices,
  RETENTION_DAYS,
  redisOf,
  sharedSettings,
  storageOf,
  type Timing,
} from '@linkhaul/jobs';
import {
  type ConnectionLimits,
  connectionLimits,
  type EnvResult,
  type EnvSource,
  envForm,
  isLoopback,
  LEAST_SECRET_LENGTH,
  type MetricsAccess,
  metricsAccess,
  readEnv,
  SECRET_TOO_SHORT,
  serverSettings,
  type TracingOptions,
  tracingOf,
  tracingSettings,
} from '@linkhaul/runtime';
import { MOST_RETENTION_DAYS, type Nanos, nanosOf } from '@linkhaul/schemas';
import type { RedisSettings, StorageSettings } from '@linkhaul/storage';
import { z } from 'zod';

/** A tenant's key, as the hex SHA-256 of its secret. */
interface ApiKey {
  readonly tenant: string;
  readonly hash: string;
}

export interface ApiEnv {
  readonly host: string;
  readonly port: number;
  readonly connections: ConnectionLimits;
  readonly logLevel: string;
  readonly redis: RedisSettings;
  readonly timing: Timing;
  readonly storage: StorageSettings;
  readonly upstreamHost: string;
  readonly prices: Prices;
  /** Daily spending limit, in nanos, of tenants without a budget of their own. */
  readonly tenantDaily: Nanos | null;
  /** Null if no keys are set: then there is one tenant, and only this machine may call. */
  readonly keys: readonly ApiKey[] | null;
  /** How long a job without `retention_days` is kept after its end. */
  readonly retentionDays: number;
  /** The hash of the admin's key; null if none is set. */
  readonly adminKey: string | null;
  readonly webhookSecret: string | null;
  readonly webhookAllowPrivate: boolean;
  /** DNS servers for the names of webhook receivers; empty: the machine's own. */
  readonly webhookDnsServers: readonly string[];
  readonly metrics: MetricsAccess;
  readonly tracing: Pick<TracingOptions, 'collector' | 'headers'>;
  /** How many lists of one tenant are read at once. */
  readonly uploadsPerTenant: number;
}

const TENANT = '[\\w-][\\w.-]{0,63}';
/** A text that begins like a hash is refused as a key: a hash is no secret, and must not work as a key. */
const KEY_ENTRY = new RegExp(`^(${TENANT}):(?:sha256:([0-9a-f]{64})|(?!sha256:)(.+))$`, 'i');
/** A tenant's name is part of Redis keys and storage paths. */
export const TENANT_NAME = new RegExp(`^${TENANT}$`);

const apiKeys = z.string().transform((text, ctx) =>
  text.split(',').map((entry): ApiKey => {
    const [, tenant, hash, key] = KEY_ENTRY.exec(entry.trim()) ?? [];
    if (tenant !== undefined && hash !== undefined) return { tenant, hash: hash.toLowerCase() };
    if (tenant !== undefined && key !== undefined && key.length >= LEAST_SECRET_LENGTH)
      return { tenant, hash: hashKey(key) };
    // The message must not contain the key.
    ctx.addIssue(
      key === undefined ? 'must be tenant:key or tenant:sha256:<64 hex digits>, separated by commas' : SECRET_TOO_SHORT,
    );
    return z.NEVER;
  }),
);

const schema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: envForm.port().default(8080),
    LOG_LEVEL: envForm.logLevel().default('info'),
    ...serverSettings,
    ...tracingSettings,
    ...sharedSettings,
    UPSTREAM_URL: z.url({ protocol: /^https?$/ }),
    UPSTREAM_CALL_USD: envForm.usd().default(0.024),
    UPSTREAM_ITEM_USD: envForm.usd().default(0.000036),
    LINKHAUL_API_KEYS: apiKeys.optional(),
    WEBHOOK_ALLOW_PRIVATE: envForm.flag().optional(),
    TENANT_DAILY_USD: envForm.usd().optional(),
    LINKHAUL_ADMIN_KEY: envForm
      .secret()
      .regex(/^(?!sha256:)/i, 'must be the key itself, not its hash')
      .optional(),
    RETENTION_DAYS: envForm.count(1, MOST_RETENTION_DAYS).default(RETENTION_DAYS),
    METRICS_TOKEN: envForm.token().optional(),
    MAX_UPLOADS_PER_TENANT: envForm.count(1, 10_000).default(8),
  })
  .refine((env) => keysOf(env) !== null || isLoopback(env.HOST ?? ''), {
    path: ['LINKHAUL_API_KEYS'],
    message: 'is required when HOST is not a loopback address',
    // Checked even if other variables are wrong, so that all errors are printed at once.
    when: () => true,
  })
  .refine(({ LINKHAUL_API_KEYS: keys, LINKHAUL_ADMIN_KEY: admin }) => !isKeyOf(keys ?? [], admin), {
    path: ['LINKHAUL_ADMIN_KEY'],
    message: "must not be a tenant's key too",
  })
  .refine(bucketCredentials.areWhole, bucketCredentials.problem);

export function readApiEnv(source: EnvSource): EnvResult<ApiEnv> {
  const result = readEnv(schema, source);
  if (!result.ok) return result;
  const { env } = result;
  return {
    ok: true,
    env: {
      host: env.HOST,
      port: env.PORT,
      connections: connectionLimits(env),
      logLevel: env.LOG_LEVEL,
      redis: redisOf(env),
      timing: env.TIME_SCALE,
      storage: storageOf(env),
      upstreamHost: new URL(env.UPSTREAM_URL).host,
      prices: { call: nanosOf(env.UPSTREAM_CALL_USD), item: nanosOf(env.UPSTREAM_ITEM_USD) },
      tenantDaily: env.TENANT_DAILY_USD === undefined ? null : nanosOf(env.TENANT_DAILY_USD),
      keys: keysOf(env),
      retentionDays: env.RETENTION_DAYS,
      adminKey: env.LINKHAUL_ADMIN_KEY === undefined ? null : hashKey(env.LINKHAUL_ADMIN_KEY),
      webhookSecret: env.WEBHOOK_SECRET ?? null,
      webhookAllowPrivate: env.WEBHOOK_ALLOW_PRIVATE ?? isLoopback(env.HOST),
      webhookDnsServers: env.WEBHOOK_DNS_SERVERS,
      metrics: metricsAccess(env.METRICS_TOKEN, env.HOST),
      tracing: tracingOf(env),
      uploadsPerTenant: env.MAX_UPLOADS_PER_TENANT,
    },
  };
}

interface GivenKeys {
  readonly LINKHAUL_API_KEYS?: readonly ApiKey[] | undefined;
  readonly LINKHAUL_ADMIN_KEY?: string | undefined;
}

/** If only the admin's key is set, callers on this machine still need a key. */
function keysOf(env: GivenKeys): readonly ApiKey[] | null {
  return env.LINKHAUL_API_KEYS ?? (env.LINKHAUL_ADMIN_KEY === undefined ? null : []);
}

function isKeyOf(keys: readonly ApiKey[], given: string | undefined): boolean {
  return given !== undefined && keys.some(({ hash }) => hash === hashKey(given));
}

export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
