import { randomUUID } from 'node:crypto';
import { type AccountReply, withDeadline } from '@linkhaul/client';
import { highestCost, isOutageReason, jobFromName, type OutageReason } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { type ProbeVerdict, probeVerdict } from '../classify/probe-verdict.js';
import type { Services } from '../services.js';

type Probing = Pick<
  Services,
  'outage' | 'store' | 'ledger' | 'queues' | 'dispatcher' | 'permits' | 'upstream' | 'env' | 'logger' | 'draining'
>;

/** For its permit and its answer together; less than a worker's claim on the probe. */
const PROBE_WITHIN_MS = 30_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Where only a call can tell: each try takes a job to and fro, and the vendor who blocked the account sees it. */
const LONGEST_BETWEEN_TRIES_MS = 30 * 60_000;

interface PausedJob {
  readonly job: JobRef;
  readonly reason: OutageReason;
}

/**
 * Jobs that the account's outage has paused go on by themselves. A free look at the account says whether it may be over;
 * where that cannot tell, one job goes on. Either way the account has one slot until a call is answered: that ends the
 * outage, and every job goes on.
 */
export async function probeAccount(services: Probing): Promise<void> {
  const { outage, logger } = services;
  const turn = await outage.turn();
  if (turn.kind === 'none') return;
  const jobs = await pausedJobs(services);
  if (turn.kind === 'over') {
    await resume(jobs, services);
    await outage.end();
    logger.warn({ reason: turn.reason, jobs: jobs.length }, 'account resumed');
    return;
  }
  const verdict = jobs.length === 0 ? 'stands' : await look(turn.reason, services);
  if (verdict === 'over') await resume(jobs, services);
  if (verdict === 'perhaps') await resume(pick(jobs, turn.tries), services);
  await outage.again(longestWait(verdict, turn.reason));
}

function longestWait(verdict: ProbeVerdict, reason: OutageReason): number {
  return verdict === 'perhaps' && reason !== 'upstream_down' ? LONGEST_BETWEEN_TRIES_MS : LONGEST_WAIT_MS;
}

/** Another one each time: one job may have nothing to send. */
function pick(jobs: readonly PausedJob[], tries: number): PausedJob[] {
  const at = tries % Math.max(1, jobs.length);
  return jobs.slice(at, at + 1);
}

async function look(reason: OutageReason, services: Probing): Promise<ProbeVerdict> {
  const { env, logger } = services;
  const reply = await askForAccount(services);
  const verdict = probeVerdict(reply, { reason, least: highestCost(env.prices, 1) });
  logger.info({ reason, verdict, why: reply.kind === 'failed' ? reply.reason : reply.kind }, 'probe');
  return verdict;
}

async function askForAccount({ permits, upstream, draining }: Probing): Promise<AccountReply> {
  return withDeadline(PROBE_WITHIN_MS, draining, async (signal) => {
    let lease: string;
    try {
      lease = await permits.probe(randomUUID(), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return { kind: 'failed', reason: 'no permit in time', ended: true };
    }
    const reply = await upstream.account(signal);
    if (reply.kind !== 'failed' || reply.ended) await permits.release(lease);
    return reply;
  });
}

async function pausedJobs({ store }: Probing): Promise<PausedJob[]> {
  const paused: PausedJob[] = [];
  for (const name of await store.active()) {
    const job = jobFromName(name);
    const record = await store.get(job);
    if (record?.status === 'paused' && isOutageReason(record.reason)) paused.push({ job, reason: record.reason });
  }
  return paused;
}

/** Only what is still paused for that reason: a user may have said otherwise meanwhile. */
async function resume(jobs: readonly PausedJob[], { ledger, queues, dispatcher }: Probing): Promise<void> {
  for (const { job, reason } of jobs) {
    const { last } = await ledger.act(job, { action: 'resume', by: 'system', reason });
    if (last) await queues.add('finish', job);
  }
  await dispatcher.fill();
}
