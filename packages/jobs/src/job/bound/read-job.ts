import type { Redis } from 'ioredis';
import { callName, jobName, type Keys } from '../../keys.js';
import type { Queues } from '../../redis/queues.js';
import { refOf } from '../description.js';
import type { JobRecord } from '../records.js';
import type { JobFacts } from './facts.js';

interface Sources {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: Pick<Queues, 'place'>;
}

/** The most open calls that are looked at. */
const MOST_CALLS = 200;

/** Reads what concerns one job. Takes a few reads, whatever the job's size. */
export async function readJobFacts(record: JobRecord, sources: Sources): Promise<JobFacts> {
  const { counts, bounds, description } = record;
  const { spent, reserved, unconfirmed } = counts;
  const [calls, planning, short] = await Promise.all([
    readCalls(record, sources),
    readPlanning(record, sources),
    readShort(record, sources),
  ]);
  return {
    status: record.status,
    reason: record.reason,
    movedAt: record.movedAt ?? description.createdAt,
    pendingRows: counts.pending,
    calls: { open: counts.open, inFlight: counts.in_flight, unknown: counts.unknown },
    ...calls,
    short,
    awaitsTrial: record.awaitsTrial,
    money: { limit: bounds.maxCost, taken: spent + reserved + unconfirmed },
    planning,
  };
}

/** Facts about a job whose plan, or the plan of its next run, is not complete. */
async function readPlanning(
  { plan, storedRoots, retry, description }: JobRecord,
  { queues }: Sources,
): Promise<JobFacts['planning']> {
  return plan === null || storedRoots !== null || retry !== null ? queues.place('plan', refOf(description)) : null;
}

async function readShort({ short, description }: JobRecord, { redis, keys }: Sources): Promise<JobFacts['short']> {
  if (!short) return null;
  const isTenants = await redis.sismember(keys.shortOf(description.tenant), jobName(refOf(description)));
  return isTenants === 1 ? 'tenant' : 'job';
}

async function readCalls(
  { description, counts }: JobRecord,
  { redis, keys }: Sources,
): Promise<Pick<JobFacts, 'sentAt' | 'delayed'>> {
  if (counts.open === 0) return { sentAt: null, delayed: null };
  const job = refOf(description);
  const live = await redis.srandmember(keys.live(job), MOST_CALLS);
  if (live.length === 0) return { sentAt: null, delayed: null };
  const names = live.map((call) => callName({ job, call: Number(call) }));
  const [sent, later] = await Promise.all([redis.zmscore(keys.sending, ...names), redis.zmscore(keys.later, ...names)]);
  const delayed = numbersOf(later);
  return {
    sentAt: numbersOf(sent).reduce<number | null>((first, at) => Math.min(first ?? at, at), null),
    delayed: delayed.length === 0 ? null : { calls: delayed.length, until: Math.min(...delayed) },
  };
}

function numbersOf(scores: readonly (string | null)[]): number[] {
  return scores.flatMap((score) => (score === null ? [] : [Number(score)]));
}
