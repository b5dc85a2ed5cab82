import { FLAVOURS, type FlavourName, flavourAt, type UpstreamOptions } from '@linkhaul/client';
import {
  type AccountLimits,
  bucketCredentials,
  type Prices,
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
  type MetricsAccess,
  metricsAccess,
  readEnv,
  serverSettings,
  type TracingOptions,
  tracingOf,
  tracingSettings,
} from '@linkhaul/runtime';
import { type Nanos, nanosOf } from '@linkhaul/schemas';
import type { RedisSettings, StorageSettings } from '@linkhaul/storage';
import { z } from 'zod';

const flavourName = z.enum(Object.keys(FLAVOURS) as [FlavourName, ...FlavourName[]]);

/** Checks a rule even if other variables are wrong, so that all problems are reported at once. */
const always = { when: () => true };

const schema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: envForm.port().optional(),
    LOG_LEVEL: envForm.logLevel().default('info'),
    ...serverSettings,
    ...tracingSettings,
    ...sharedSettings,
    UPSTREAM_URL: z.url({ protocol: /^https?$/ }),
    UPSTREAM_LOGIN: z.string().optional(),
    UPSTREAM_PASSWORD: z.string().optional(),
    UPSTREAM_TOKEN: z.string().optional(),
    UPSTREAM_FLAVOR: flavourName.optional(),
    UPSTREAM_BODY: z.enum(['array', 'object']).default('array'),
    UPSTREAM_MAX_PER_MINUTE: envForm.count(2).default(2000),
    UPSTREAM_MAX_IN_FLIGHT: envForm.count(1).default(30),
    UPSTREAM_TIMEOUT_MS: envForm.milliseconds(1).default(130_000),
    UPSTREAM_MAX_RUN_MS: envForm.milliseconds(0).default(120_000),
    UPSTREAM_SETTLE_MS: envForm.milliseconds(0).default(60_000),
    MAX_ANSWER_BYTES: envForm.count(1).default(33_554_432),
    UPSTREAM_UNKNOWN: z.enum(['rebuy', 'park']).default('rebuy'),
    UPSTREAM_UNKNOWN_MAX_MS: envForm.milliseconds(0).default(900_000),
    UPSTREAM_CALL_USD: envForm.usd().default(0.024),
    UPSTREAM_ITEM_USD: envForm.usd().default(0.000036),
    TENANT_DAILY_USD: envForm.usd().optional(),
    WORKER_CONCURRENCY: envForm.count(1, 10_000).optional(),
    DRAIN_TIMEOUT_MS: envForm.milliseconds(0).default(140_000),
    METRICS_TOKEN: envForm.token().optional(),
    HTTPS_PROXY: z.string().optional(),
    NO_PROXY: z.string().optional(),
  })
  .refine(
    (env) =>
      env.UPSTREAM_TOKEN || (env.UPSTREAM_LOGIN && env.UPSTREAM_PASSWORD) || !FLAVOURS[flavourFor(env)].takesBasic,
    { path: ['UPSTREAM_LOGIN'], message: 'and UPSTREAM_PASSWORD are required, or UPSTREAM_TOKEN', ...always },
  )
  .refine((env) => env.UPSTREAM_TOKEN || FLAVOURS[flavourFor(env)].takesBasic, {
    path: ['UPSTREAM_TOKEN'],
    message: 'is required: this upstream takes a bearer token, no login and password',
    ...always,
  })
  .refine(
    ({ UPSTREAM_URL: url }) =>
      !URL.canParse(url) || flavourAt(url) !== 'aisa' || url.replace(/\/+$/, '') === FLAVOURS.aisa.home,
    {
      path: ['UPSTREAM_URL'],
      message: `must be ${FLAVOURS.aisa.home}`,
      ...always,
    },
  )
  .refine(bucketCredentials.areWhole, bucketCredentials.problem);

interface UpstreamAddress {
  readonly UPSTREAM_URL: string;
  readonly UPSTREAM_FLAVOR?: FlavourName | undefined;
}

/** The flavour in the settings, else the one of the host. Both may be invalid here, since all rules are checked: see `always`. */
function flavourFor({ UPSTREAM_URL: url, UPSTREAM_FLAVOR: given }: UpstreamAddress): FlavourName {
  const parsed = flavourName.safeParse(given);
  if (parsed.success) return parsed.data;
  return URL.canParse(url) ? flavourAt(url) : 'dataforseo';
}

/** A worker handles more calls than the account has slots, so that slots stay busy while answers are stored. */
const PLACES_PER_SLOT = 1.5;

export interface WorkerEnv {
  readonly host: string;
  readonly port: number | null;
  readonly connections: ConnectionLimits;
  readonly logLevel: string;
  readonly redis: RedisSettings;
  readonly timing: Timing;
  readonly storage: StorageSettings;
  readonly upstream: UpstreamOptions;
  readonly limits: AccountLimits;
  readonly unknown: UnknownSettings;
  readonly prices: Prices;
  /** The daily limit, in nanos, of tenants that have no limit of their own. */
  readonly tenantDaily: Nanos | null;
  readonly concurrency: number;
  readonly drainTimeoutMs: number;
  readonly webhookSecret: string | null;
  /** DNS servers for the names of webhook receivers. Empty: the machine's own. */
  readonly webhookDnsServers: readonly string[];
  readonly metrics: MetricsAccess;
  readonly tracing: Pick<TracingOptions, 'collector' | 'headers'>;
}

/** How calls that may have been executed are handled. */
interface UnknownSettings {
  /** This long after the send, the upstream's record certainly shows the call. */
  readonly lookUpAfterMs: number;
  /** How soon a call is looked up again if nothing could be decided. */
  readonly againMs: number;
  readonly maxMs: number;
  readonly policy: 'rebuy' | 'park';
}

export function readWorkerEnv(source: EnvSource): EnvResult<WorkerEnv> {
  const result = readEnv(schema, source);
  return result.ok ? { ok: true, env: settingsFrom(result.env) } : result;
}

function settingsFrom(env: z.output<typeof schema>): WorkerEnv {
  const { UPSTREAM_LOGIN: login = '', UPSTREAM_PASSWORD: password = '', UPSTREAM_TOKEN: token } = env;
  return {
    host: env.HOST,
    port: env.PORT ?? null,
    connections: connectionLimits(env),
    logLevel: env.LOG_LEVEL,
    redis: redisOf(env),
    timing: env.TIME_SCALE,
    storage: storageOf(env),
    upstream: {
      url: env.UPSTREAM_URL,
      flavour: flavourFor(env),
      auth: token === undefined ? { login, password } : { token },
      body: env.UPSTREAM_BODY,
      timeoutMs: env.UPSTREAM_TIMEOUT_MS,
      maxAnswerBytes: env.MAX_ANSWER_BYTES,
      ...(env.HTTPS_PROXY !== undefined && { proxy: { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY ?? '' } }),
    },
    limits: {
      maxPerMinute: env.UPSTREAM_MAX_PER_MINUTE,
      maxInFlight: env.UPSTREAM_MAX_IN_FLIGHT,
      leaseMs: Math.max(env.UPSTREAM_TIMEOUT_MS, env.UPSTREAM_MAX_RUN_MS) + env.TIME_SCALE.leaseMarginMs,
    },
    unknown: {
      lookUpAfterMs: env.UPSTREAM_MAX_RUN_MS + env.UPSTREAM_SETTLE_MS,
      againMs: env.TIME_SCALE.lookAgainMs,
      maxMs: env.UPSTREAM_UNKNOWN_MAX_MS,
      policy: env.UPSTREAM_UNKNOWN,
    },
    prices: { call: nanosOf(env.UPSTREAM_CALL_USD), item: nanosOf(env.UPSTREAM_ITEM_USD) },
    tenantDaily: env.TENANT_DAILY_USD === undefined ? null : nanosOf(env.TENANT_DAILY_USD),
    concurrency: env.WORKER_CONCURRENCY ?? Math.ceil(PLACES_PER_SLOT * env.UPSTREAM_MAX_IN_FLIGHT),
    drainTimeoutMs: env.DRAIN_TIMEOUT_MS,
    webhookSecret: env.WEBHOOK_SECRET ?? null,
    webhookDnsServers: env.WEBHOOK_DNS_SERVERS,
    metrics: metricsAccess(env.METRICS_TOKEN, env.HOST),
    tracing: tracingOf(env),
  };
}
