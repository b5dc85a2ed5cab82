import type { AccountReply } from '@linkhaul/client';
import type { OutageReason } from '@linkhaul/jobs';
import type { Nanos } from '@linkhaul/schemas';

/** `perhaps`: only a call can tell whether the outage is over. `stands`: the outage goes on. */
export type ProbeVerdict = 'over' | 'perhaps' | 'stands';

/** What an answer about the account says about an outage. `least`: the cost of the cheapest call. */
export function probeVerdict(
  reply: AccountReply,
  { reason, least }: { reason: OutageReason; least: Nanos },
): ProbeVerdict {
  if (reply.kind === 'failed') return 'stands';
  if (reply.kind === 'no_account') return 'perhaps';
  switch (reason) {
    case 'upstream_auth':
    case 'upstream_down':
      return 'over';
    case 'upstream_funds':
      if (reply.balance === null) return 'perhaps';
      return reply.balance >= least ? 'over' : 'stands';
    case 'upstream_daily_limit':
    case 'upstream_blocked':
      return 'perhaps';
  }
}
