import type { Capacities } from '../../permit/capacity.js';
import { createWorkerReports } from '../../permit/worker-reports.js';
import { readWorkers } from '../../permit/workers.js';
import type { Access } from '../../redis/access.js';
import { redisNow } from '../../redis/time.js';
import type { AccountFacts } from './facts.js';

interface Sources extends Access {
  readonly capacities: Capacities;
}

/** Reads what concerns all jobs of an upstream, as Redis has it now. */
export async function readAccountFacts(host: string, { capacities, ...access }: Sources): Promise<AccountFacts> {
  const { redis, keys } = access;
  const workerReports = createWorkerReports(access);
  const now = await redisNow(redis);
  const account = await redis.hget(keys.upstream(host), 'account');
  const [workers, capacity, storage, failure, due] = await Promise.all([
    readWorkers(redis, keys, now),
    capacities.read(host),
    workerReports.awayStorage(),
    account === null ? null : workerReports.failedLookUp(account),
    redis.zrange(keys.unknown, '0', '0', 'WITHSCORES'),
  ]);
  const dueAt = due[1] === undefined ? null : Number(due[1]);
  return { now, host, workers, capacity, storage, lookUps: { failure, dueAt } };
}
