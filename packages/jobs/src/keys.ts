import type { JobRef } from '@linkhaul/storage';

/** A call's name inside Redis: `<tenant>/<id>/<number>`. Tenants and ids hold no slash. */
export interface CallRef {
  readonly job: JobRef;
  readonly call: number;
}

export function jobName(job: JobRef): string {
  return `${job.tenant}/${job.id}`;
}

export function jobFromName(name: string): JobRef {
  const [tenant = '', id = ''] = name.split('/');
  return { tenant, id };
}

export function callName(ref: CallRef): string {
  return `${jobName(ref.job)}/${ref.call}`;
}

export function callFromName(name: string): CallRef {
  const [tenant = '', id = '', call = ''] = name.split('/');
  return { job: { tenant, id }, call: Number(call) };
}

/** The lease of one attempt of a call. */
export function callLease(at: CallRef & { readonly attempt: number }): string {
  return `${callName(at)}.${at.attempt}`;
}

/** What stands under the name of an account, which all workers with its credentials share. */
function accountKeys(prefix: string) {
  const of = (account: string) => `${prefix}:account:${account}`;
  return {
    wake: (account: string) => `${of(account)}:wake`,
    permit: (account: string) => `${of(account)}:permit`,
    leases: (account: string) => `${of(account)}:leases`,
    pause: (account: string) => `${of(account)}:pause`,
    waiting: (account: string) => `${of(account)}:waiting`,
    outage: (account: string) => `${of(account)}:outage`,
    /** How far the upstream's record was gone through after a change of Redis. */
    aftermath: (account: string) => `${prefix}:account:${account}:aftermath`,
    sent: (account: string) => `${of(account)}:sent`,
    /** When the last look-up of the upstream's record failed, and why; missing where it was read. */
    failedLookUp: (account: string) => `${of(account)}:failed-look-up`,
  };
}

/** What stands under the name of a job. */
function jobKeys(prefix: string) {
  const jobKey = (job: JobRef) => `${prefix}:job:${jobName(job)}`;
  return {
    job: jobKey,
    history: (job: JobRef) => `${jobKey(job)}:history`,
    live: (job: JobRef) => `${jobKey(job)}:live`,
    call: ({ job, call }: CallRef) => `${jobKey(job)}:call:${call}`,
    stored: (job: JobRef) => `${jobKey(job)}:stored`,
    failed: (job: JobRef) => `${jobKey(job)}:failed`,
    attempts: (job: JobRef) => `${jobKey(job)}:attempts`,
    fates: (job: JobRef) => `${jobKey(job)}:fates`,
    /** Calls whose failed and skipped rows a run took up. */
    retried: (job: JobRef, run: number) => `${jobKey(job)}:retried:${run}`,
    /** Attempts that cost money and settled nothing. */
    lost: (job: JobRef) => `${jobKey(job)}:lost`,
    /** Calls whose answer brought others about. */
    continued: (job: JobRef) => `${jobKey(job)}:continued`,
    /** Calls whose stored answer is broken. */
    damaged: (job: JobRef) => `${jobKey(job)}:damaged`,
    /** Calls that were damaged when a later run had taken up some of their rows, which only its plan tells. */
    partlyRetried: (job: JobRef) => `${jobKey(job)}:partly`,
    /** Failed and skipped rows by their code. */
    codes: (job: JobRef) => `${jobKey(job)}:codes`,
    splits: (job: JobRef) => `${jobKey(job)}:splits`,
    deliveriesOfJob: (job: JobRef) => `${jobKey(job)}:deliveries`,
  };
}

/** Every key that TypeScript names; redis/shared.lua derives the same ones from the same prefix. */
export function keysOf(prefix: string) {
  return {
    root: prefix,
    /** `id`: the installation, as the marker in storage names it; `proposed`: what it is to be called, at the first start. */
    installation: `${prefix}:installation`,
    /** Never there: a write of it, only if it is there, tells whether Redis takes writes. */
    unused: `${prefix}:unused`,
    bull: `${prefix}:bull`,
    ...jobKeys(prefix),
    jobs: (tenant: string) => `${prefix}:jobs:${tenant}`,
    /** A tenant's tags by name. */
    tags: (tenant: string) => `${prefix}:tag-names:${tenant}`,
    tag: (tenant: string, tag: string) => `${prefix}:tag:${tenant}:${tag}`,
    active: `${prefix}:active`,
    /** Finished jobs, by when their time is over. */
    expiring: `${prefix}:expiring`,
    /** Jobs that are gone, by when what may be left of them in storage is removed: the first time, and the last. */
    removed: `${prefix}:removed`,
    /** Lists that are being taken in, by when their process was heard of last. */
    uploads: `${prefix}:uploads`,
    swept: `${prefix}:swept`,
    window: `${prefix}:window`,
    /** Calls that wait out a delay. */
    later: `${prefix}:later`,
    sending: `${prefix}:sending`,
    unknown: `${prefix}:unknown`,
    /** Settled calls whose cost nobody knows yet, by when the record is asked for it. */
    unpriced: `${prefix}:unpriced`,
    workers: `${prefix}:workers`,
    /** When any worker said last that it takes calls. */
    workersSeen: `${prefix}:workers-seen`,
    changes: `${prefix}:changes`,
    /** Since when workers cannot store, and why: it goes by itself soon after they say so no more. */
    storageAway: `${prefix}:storage-away`,
    ...accountKeys(prefix),
    /** What the workers of an upstream say of its account. */
    upstream: (host: string) => `${prefix}:upstream:${host}`,
    /** Tenants of whose answers of an endpoint the last could not be read: see call/unreadable.lua. */
    unreadable: (host: string, endpoint: string) => `${prefix}:unreadable:${host}:${endpoint}`,
    /** Whose jobs of which endpoint are to be paused for that, by when it was met. */
    toPause: `${prefix}:to-pause`,
    /** Prices and balance at an upstream. */
    prices: (host: string) => `${prefix}:prices:${host}`,
    usage: (tenant: string, day: number) => `${prefix}:usage:${tenant}:${day}`,
    usageGroup: (tenant: string, group: string) => `${prefix}:usage-group:${tenant}:${group}`,
    tenants: `${prefix}:tenants`,
    committedDay: (tenant: string, day: number) => `${prefix}:committed:${tenant}:d${day}`,
    committedMonth: (tenant: string, month: number) => `${prefix}:committed:${tenant}:m${month}`,
    /** A tenant's own limits. */
    tenant: (tenant: string) => `${prefix}:tenant:${tenant}`,
    /** Jobs of a tenant that wait for money which calls of others hold. */
    shortOf: (tenant: string) => `${prefix}:short:${tenant}`,
    ringMembers: `${prefix}:ring-members`,
    /** Hosts of upstreams, with 1 where the last answer said that it is simulated, else 0. */
    origins: `${prefix}:origins`,
    /** What happened, in order. */
    events: (tenant: string) => `${prefix}:events:${tenant}`,
    /** Events whose delivery nobody has seen to. */
    outbox: `${prefix}:outbox`,
    delivery: (id: string) => `${prefix}:delivery:${id}`,
    deliveryAttempts: (id: string) => `${prefix}:delivery:${id}:attempts`,
    deliveries: (tenant: string) => `${prefix}:deliveries-of:${tenant}`,
    pendingDeliveries: `${prefix}:deliveries:pending`,
    /** A channel: some delivery is due now. */
    deliveryDue: `${prefix}:deliveries:due`,
    webhookSecret: (tenant: string) => `${prefix}:webhook-secret:${tenant}`,
    /** Each signs too for a day: by when that ends. */
    oldWebhookSecrets: (tenant: string) => `${prefix}:old-webhook-secrets:${tenant}`,
    /** By the SHA-256 of its secret. */
    apiKey: (hash: string) => `${prefix}:api-key:${hash}`,
    /** Hashes by the ids of a tenant's keys, and when each was used last. */
    apiKeys: (tenant: string) => `${prefix}:api-keys:${tenant}`,
    apiKeysUsed: (tenant: string) => `${prefix}:api-keys:${tenant}:used`,
    defaultWebhook: (tenant: string) => `${prefix}:default-webhook:${tenant}`,
  };
}

export type Keys = ReturnType<typeof keysOf>;
