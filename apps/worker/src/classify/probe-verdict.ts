import type { AccountReply } from '@linkhaul/client';
import type { OutageReason } from '@linkhaul/jobs';
import type { Nanos } from '@linkhaul/schemas';

/** Perhaps over is what only a call can tell. */
export type ProbeVerdict = 'over' | 'perhaps' | 'stands';

/** What the upstream's words on the account say of its outage. `least` is what the cheapest call costs. */
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
