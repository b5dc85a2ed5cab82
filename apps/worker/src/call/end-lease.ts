import type { UpstreamReply } from '@linkhaul/client';
import { pauseAccount } from '../account/pause-account.js';
import type { Decision } from '../classify/classify-reply.js';
import { upstreamHealth } from '../classify/upstream-health.js';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';

/** Jobs pause when the breaker opens for the fourth time: after about half a minute. From then on probes test the upstream. */
const DOWN_AFTER_OPENINGS = 4;

type EndingServices = Pick<Services, 'permits' | 'outage' | 'store' | 'jobSteps' | 'stopping' | 'logger'>;

interface EndedRequest {
  readonly lease: string;
  readonly sentAt: number;
  readonly reply: UpstreamReply;
  readonly decision: Decision;
}

/** Ends the request's lease and tells the account's breaker how the upstream is. */
export async function endLease(
  { lease, sentAt, reply, decision }: EndedRequest,
  services: EndingServices,
): Promise<void> {
  const { permits, stopping, logger } = services;
  // After an abort, a time-out or a broken answer the upstream may still be working: the lease then runs out by itself.
  const ended = hasEnded(reply);
  // A request that this process aborted says nothing about the upstream.
  const health = stopping.aborted && !ended ? 'neither' : upstreamHealth(decision);
  // If this fails, a slot stays taken until the lease runs out. The answer must not wait for that.
  const { openings } = await permits.end(lease, { health, sentAt, ended }).catch(() => ({ openings: 0 }));
  if (openings === 0) return;
  logger.warn({ openings }, 'the upstream fails: the account waits');
  if (openings >= DOWN_AFTER_OPENINGS) await repeatUntilDone(services, () => pauseAccount('upstream_down', services));
}

function hasEnded(reply: UpstreamReply): boolean {
  return reply.kind !== 'unreadable' || reply.ended;
}
