import { randomUUID } from 'node:crypto';
import { type AccountReply, withDeadline } from '@linkhaul/client';
import { highestCost, isOutageReason, jobFromName, LONGEST_WAIT_MS, type OutageReason } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { type ProbeVerdict, probeVerdict } from '../classify/probe-verdict.js';
import type { Services } from '../services.js';

type ProbeServices = Pick<
  Services,
  'outage' | 'store' | 'jobSteps' | 'queues' | 'dispatcher' | 'permits' | 'upstream' | 'env' | 'logger' | 'draining'
>;

/** The limit for the permit and the answer together. It is shorter than the time for which a worker owns the probe. */
const PROBE_WITHIN_MS = 30_000;
/** If only a call can tell, tries are rare: each resumes and pauses a job, and the vendor that blocked the account sees it. */
const LONGEST_BETWEEN_TRIES_MS = 30 * 60_000;

interface PausedJob {
  readonly job: JobRef;
  readonly reason: OutageReason;
}

/**
 * Resumes the jobs that an outage has paused, once it is over. A free request for the account's balance shows whether it
 * may be over; if it cannot tell, one job is resumed. Until a call is answered the account has one slot. The first answer
 * ends the outage, and all jobs are resumed.
 */
export async function probeOutage(services: ProbeServices): Promise<void> {
  const { outage, logger } = services;
  const claim = await outage.claimProbe();
  if (claim.kind === 'none') return;
  const jobs = await pausedJobs(services);
  if (claim.kind === 'over') {
    await resume(jobs, services);
    await outage.end();
    logger.warn({ reason: claim.reason, jobs: jobs.length }, 'account resumed');
    return;
  }
  const verdict = jobs.length === 0 ? 'stands' : await look(claim.reason, services);
  if (verdict === 'over') await resume(jobs, services);
  if (verdict === 'perhaps') await resume(pick(jobs, claim.tries), services);
  await outage.again(longestWait(verdict, claim.reason));
}

function longestWait(verdict: ProbeVerdict, reason: OutageReason): number {
  return verdict === 'perhaps' && reason !== 'upstream_down' ? LONGEST_BETWEEN_TRIES_MS : LONGEST_WAIT_MS;
}

/** One job, and a different one at each try, because a job may have nothing to send. */
function pick(jobs: readonly PausedJob[], tries: number): PausedJob[] {
  const at = tries % Math.max(1, jobs.length);
  return jobs.slice(at, at + 1);
}

async function look(reason: OutageReason, services: ProbeServices): Promise<ProbeVerdict> {
  const { env, logger } = services;
  const reply = await askForAccount(services);
  const verdict = probeVerdict(reply, { reason, least: highestCost(env.prices, 1) });
  logger.info({ reason, verdict, why: reply.kind === 'failed' ? reply.reason : reply.kind }, 'probe');
  return verdict;
}

async function askForAccount({ permits, upstream, draining }: ProbeServices): Promise<AccountReply> {
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

async function pausedJobs({ store }: ProbeServices): Promise<PausedJob[]> {
  const paused: PausedJob[] = [];
  for (const name of await store.active()) {
    const job = jobFromName(name);
    const record = await store.get(job);
    if (record?.status === 'paused' && isOutageReason(record.reason)) paused.push({ job, reason: record.reason });
  }
  return paused;
}

/** Resumes each job only if it is still paused for that reason: a user may have paused it meanwhile. */
async function resume(jobs: readonly PausedJob[], { jobSteps, queues, dispatcher }: ProbeServices): Promise<void> {
  for (const { job, reason } of jobs) {
    const { last } = await jobSteps.act(job, { action: 'resume', by: 'system', reason });
    if (last) await queues.add('finish', job);
  }
  await dispatcher.fill();
}
