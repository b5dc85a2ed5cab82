import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { jobName, type Keys } from './keys.js';
import { type AcceptedJob, type JobRecord, newJobFields, parseJobRecord, refOf } from './records.js';
import { readMemory } from './redis-health.js';
import { USAGE_KEPT_DAYS } from './usage.js';
import { usageGroupOf } from './usage-group.js';

interface PageOf<T> {
  readonly items: T[];
  /** The last key seen, to go on behind it; null at the end. */
  readonly next: string | null;
}

/** Job records: accepted, read, listed. Their transitions are the ledger's. */
export interface JobStore {
  /** Makes a job exist, whole or not at all. After it the job survives the death of any process. */
  accept(job: AcceptedJob): Promise<void>;
  get(job: JobRef): Promise<JobRecord | null>;
  /** A tenant's jobs, newest first. */
  list(tenant: string, page: { before: string | null; limit: number }): Promise<PageOf<JobRecord>>;
  /** The jobs of a tag, newest first. */
  byTag(tenant: string, tag: string): Promise<JobRecord[]>;
  /** A tenant's tags, the one used last first. */
  tags(tenant: string, page: { offset: number; limit: number }): Promise<PageOf<string>>;
  /** Jobs that are not closed yet, over all tenants. */
  active(): Promise<string[]>;
  /** Nothing is left to be done for this job, its webhook included. */
  retire(job: JobRef): Promise<void>;
  /** Rejects when Redis does not answer, or is set up so that it could lose or refuse what it holds. */
  check(): Promise<void>;
  /** How full Redis is, 0 to 1; 0 where it has no limit. */
  memoryShare(): Promise<number>;
}

/** As long as usage itself; lua/money.lua renews it with what is counted. */
const USAGE_KEPT_MS = USAGE_KEPT_DAYS * 86_400_000;

export function createJobStore(redis: Redis, keys: Keys): JobStore {
  const get = async (job: JobRef): Promise<JobRecord | null> => {
    const [fields, history] = await Promise.all([redis.hgetall(keys.job(job)), redis.lrange(keys.history(job), 0, -1)]);
    return parseJobRecord(fields, history);
  };
  const getAll = async (tenant: string, ids: readonly string[]): Promise<JobRecord[]> =>
    (await Promise.all(ids.map((id) => get({ tenant, id })))).filter((record) => record !== null);

  return {
    get,
    async accept(accepted) {
      const { description } = accepted;
      const job = refOf(description);
      const simulated = await redis.sismember(keys.simulated, description.upstreamHost);
      const { id: groupId, group } = usageGroupOf(description);
      const submitted = { at: description.createdAt, by: job.tenant, action: 'submit', from: '', to: 'queued' };
      const replies = await redis
        .multi()
        .hset(keys.job(job), { ...newJobFields(accepted), simulated })
        .rpush(keys.history(job), JSON.stringify(submitted))
        .zadd(keys.jobs(job.tenant), 0, job.id)
        .zadd(keys.tag(job.tenant, description.tag), 0, job.id)
        .zadd(keys.tags(job.tenant), description.createdAt, description.tag)
        .set(keys.usageGroup(job.tenant, groupId), JSON.stringify(group), 'PX', USAGE_KEPT_MS)
        .sadd(keys.tenants, job.tenant)
        .sadd(keys.active, jobName(job))
        .exec();
      if (replies === null) throw new Error('Redis did not accept the job');
    },
    async list(tenant, { before, limit }) {
      // Ids begin with their time, so that the order of names is the order of creation.
      const ids = await redis.zrevrangebylex(
        keys.jobs(tenant),
        before === null ? '+' : `(${before}`,
        '-',
        'LIMIT',
        0,
        limit,
      );
      return { items: await getAll(tenant, ids), next: ids.length < limit ? null : (ids.at(-1) ?? null) };
    },
    async byTag(tenant, tag) {
      return getAll(tenant, await redis.zrevrangebylex(keys.tag(tenant, tag), '+', '-'));
    },
    async tags(tenant, { offset, limit }) {
      const items = await redis.zrevrange(keys.tags(tenant), offset, offset + limit - 1);
      return { items, next: items.length < limit ? null : String(offset + limit) };
    },
    active: () => redis.smembers(keys.active),
    async retire(job) {
      await redis.srem(keys.active, jobName(job));
    },
    check: () => checkRedis(redis),
    memoryShare: async () => (await readMemory(redis)).share,
  };
}

async function checkRedis(redis: Redis): Promise<void> {
  const { policy } = await readMemory(redis);
  if (policy !== null && policy !== 'noeviction') {
    throw new Error(`Redis evicts keys (maxmemory-policy ${policy}): set it to noeviction`);
  }
}
