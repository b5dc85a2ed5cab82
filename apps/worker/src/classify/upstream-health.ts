import type { Health } from '@linkhaul/jobs';
import type { Decision } from './classify-reply.js';

/**
 * What the end of a call says of the upstream, for the account's breaker: any answer of its own that is understood is a
 * sign of life, but for a 5xxxx.
 */
export function healthOf(decision: Decision): Health {
  switch (decision.action) {
    case 'unsent':
    case 'unknown':
      return 'failing';
    case 'retry':
      return (decision.facts.statusCode ?? 0) >= 50_000 ? 'failing' : 'answered';
    case 'slow':
    case 'pause':
    case 'unreadable':
      return 'neither';
    default:
      return 'answered';
  }
}
