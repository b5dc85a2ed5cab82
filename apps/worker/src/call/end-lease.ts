import type { UpstreamReply } from '@linkhaul/client';
import { pauseAccount } from '../account/pause-account.js';
import type { Decision } from '../classify/classify-reply.js';
import { healthOf } from '../classify/upstream-health.js';
import type { Services } from '../services.js';
import { persist } from '../settle/repeat-until-done.js';

/**
 * So often in a row has the breaker opened when the jobs pause: after some half a minute without an answer. From then on
 * probes find out, which cost no attempts.
 */
const DOWN_AFTER_OPENINGS = 4;

type Reporting = Pick<Services, 'permits' | 'outage' | 'store' | 'ledger' | 'stopping' | 'logger'>;

interface EndedRequest {
  readonly lease: string;
  readonly sentAt: number;
  readonly reply: UpstreamReply;
  readonly decision: Decision;
}

/** The lease ends with the answer, and the account's breaker learns by the same word how the upstream is. */
export async function reportEnd({ lease, sentAt, reply, decision }: EndedRequest, services: Reporting): Promise<void> {
  const { permits, stopping, logger } = services;
  // On abort, time-out and broken answers the upstream may still be at it: then the lease stands until it ends.
  const ended = hasEnded(reply);
  // What this process broke off itself says nothing of the upstream.
  const health = stopping.aborted && !ended ? 'neither' : healthOf(decision);
  // Lost, it costs a slot for the time of a lease: no reason to hold up an answer.
  const { openings } = await permits.end(lease, { health, sentAt, ended }).catch(() => ({ openings: 0 }));
  if (openings === 0) return;
  logger.warn({ openings }, 'the upstream fails: the account waits');
  if (openings >= DOWN_AFTER_OPENINGS) await persist(services, () => pauseAccount('upstream_down', services));
}

function hasEnded(reply: UpstreamReply): boolean {
  return reply.kind !== 'unreadable' || reply.ended;
}
