import type { RetryCode } from '@linkhaul/schemas';
import { FORMAT, type JobRef, requireFormat } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { checkRedis, checkRoom, readMemory } from '../redis/health.js';
import { replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';
import { usageGroupOf } from '../tenant/usage-group.js';
import { refOf, type TasksOfJob } from './description.js';
import { type AcceptedJob, newJobFields, type RunOfWatch } from './new-job.js';
import { formatOf, type JobRecord, parseJobRecord } from './records.js';

interface PageOf<T> {
  readonly items: T[];
  /** The last key of this page, where the next one begins. Null at the end. */
  readonly next: string | null;
}

/**
 * `overlap`: this job of its tag and endpoint is not finished. `taken`: another request has its idempotency key by now.
 * `given_up`: its upload was given up. `lost`: Redis has lost everything since the request began. `stale`: the run's watch
 * was changed or deleted, or the job was removed again.
 */
type Acceptance =
  | { readonly kind: 'accepted' | 'taken' | 'given_up' | 'lost' | 'stale' }
  | { readonly kind: 'overlap'; readonly id: string };

/** Makes, reads and lists job records. `JobSteps` and the ledger change them. */
export interface JobStore {
  /** Makes a job of an upload, whole or not at all. An accepted job survives the death of any process. */
  accept(job: AcceptedJob): Promise<Acceptance>;
  get(job: JobRef): Promise<JobRecord | null>;
  /** Call it before work on a job. Rejects with `NewerFormat` if a newer version works on it, and keeps older ones from it. */
  takeUp(job: JobRef): Promise<void>;
  /** The job with this id, of any tenant. */
  find(id: string): Promise<JobRef | null>;
  /** The run to which a job's last calls belong. Null if it has none. When this changes, the job's plan has changed. */
  plannedRun(job: JobRef): Promise<string | null>;
  /** How many failed or skipped rows of a job have this code. */
  rowsOfCode(job: JobRef, code: RetryCode): Promise<number>;
  /** A tenant's jobs, newest first. */
  list(tenant: string, page: { before: string | null; limit: number }): Promise<PageOf<JobRecord>>;
  /** The jobs of a tag, newest first. */
  byTag(tenant: string, tag: string): Promise<JobRecord[]>;
  /** Jobs of a tag that are newer than a given one, the oldest first. */
  newerOf(tenant: string, tag: string, than: { id: string; most: number }): Promise<JobRecord[]>;
  /** A tenant's tags by name, so that using a tag does not move it to another page. */
  tags(tenant: string, page: { after: string | null; limit: number }): Promise<PageOf<string>>;
  /** Whether any job was ever accepted. */
  hasTenants(): Promise<boolean>;
  /** Jobs that are not closed yet, of all tenants. */
  active(): Promise<string[]>;
  /** Nothing is left to do for this job, not even its webhook. */
  retire(job: JobRef): Promise<void>;
  /**
   * Rejects with a `RedisTrouble` if Redis does not answer, refuses writes, or is configured so that it could lose
   * data.
   */
  check(): Promise<void>;
  /** Like `check`, and also rejects if Redis is so full that no calls are sent. */
  checkRoom(): Promise<void>;
  /** How full Redis is, from 0 to 1. 0 if it has no limit. */
  memoryShare(): Promise<number>;
}

const accept = script<{
  job: string;
  fields: ReturnType<typeof newJobFields>;
  history: string;
  on_overlap: 'allow' | 'reject';
  group_id: string;
  group: string;
  key: { hash: string; owner: string; digest: string; bytes: number } | null;
  installation: string | null;
  tasks: TasksOfJob['kind'] | null;
  run_of: { watch: string; version: number; tick: number; asks_storage: boolean } | null;
}>()(
  'job/accept',
  replyOf({ kind: z.enum(['accepted', 'taken', 'overlap', 'given_up', 'lost', 'stale']), id: z.string().optional() }),
);

function acceptanceOf(accepted: AcceptedJob) {
  const { description, by, key = null, installation = null, runOf } = accepted;
  const { id: groupId, group } = usageGroupOf(description);
  const submitted = { at: description.createdAt, by, action: 'submit', from: '', to: 'queued' };
  return {
    job: jobName(refOf(description)),
    fields: newJobFields(accepted),
    history: JSON.stringify(submitted),
    on_overlap: description.on_overlap,
    group_id: groupId,
    group: JSON.stringify(group),
    ...{ key, installation },
    tasks: description.tasks?.kind ?? null,
    run_of: runOf === undefined ? null : runOfWatch(runOf),
  };
}

function runOfWatch({ asksStorage, ...run }: RunOfWatch) {
  return { ...run, asks_storage: asksStorage };
}

const takeUp = script<{ job: string; format: number }>()('job/take_up', z.string());

export function createJobStore({ redis, keys, run }: Access): JobStore {
  const get = async (job: JobRef): Promise<JobRecord | null> => {
    const [fields, history] = await Promise.all([redis.hgetall(keys.job(job)), redis.lrange(keys.history(job), 0, -1)]);
    return parseJobRecord(job, fields, history);
  };
  const getAll = async (tenant: string, ids: readonly string[]): Promise<JobRecord[]> =>
    (await Promise.all(ids.map((id) => get({ tenant, id })))).filter((record) => record !== null);

  return {
    get,
    async takeUp(job) {
      const format = formatOf(await redis.hget(keys.job(job), 'format'));
      requireFormat('a job in Redis', format);
      if (format < FORMAT) await run(takeUp, { job: jobName(job), format: FORMAT });
    },
    async find(id) {
      for (const tenant of await redis.smembers(keys.tenants)) {
        if ((await redis.exists(keys.job({ tenant, id }))) === 1) return { tenant, id };
      }
      return null;
    },
    async plannedRun(job) {
      const [run, roots] = await redis.hmget(keys.job(job), 'planned_run', 'roots');
      return roots === null ? null : (run ?? '1');
    },
    rowsOfCode: async (job, code) => Number((await redis.hget(keys.codes(job), code)) ?? 0),
    async accept(accepted) {
      const { kind, id = '' } = await run(accept, acceptanceOf(accepted));
      return kind === 'overlap' ? { kind, id } : { kind };
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
    async newerOf(tenant, tag, { id, most }) {
      return getAll(tenant, await redis.zrangebylex(keys.tag(tenant, tag), `(${id}`, '+', 'LIMIT', 0, most));
    },
    async tags(tenant, { after, limit }) {
      const from = after === null ? '-' : `(${after}`;
      const items = await redis.zrangebylex(keys.tags(tenant), from, '+', 'LIMIT', 0, limit);
      return { items, next: items.length < limit ? null : (items.at(-1) ?? null) };
    },
    hasTenants: async () => (await redis.scard(keys.tenants)) > 0,
    active: () => redis.smembers(keys.active),
    async retire(job) {
      await redis.srem(keys.active, jobName(job));
    },
    async check() {
      await checkRedis(redis, keys.unused);
    },
    checkRoom: () => checkRoom(redis, keys.unused),
    memoryShare: async () => (await readMemory(redis)).share,
  };
}
