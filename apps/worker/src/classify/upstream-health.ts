import type { Health } from '@linkhaul/jobs';
import type { Decision } from './classify-reply.js';

/**
 * What a decision tells the account's breaker about the upstream. An answer that is understood is a sign of life, except a
 * 5xxxx and one that slows or refuses the account.
 */
export function upstreamHealth(decision: Decision): Health {
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
