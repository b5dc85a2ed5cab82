import { endpointOf } from '@linkhaul/schemas';
import type { PlannedJob } from '../cache/job-source.js';
import type { AskedCall } from '../classify/classify-reply.js';
import type { PlannedCall } from '../outcome/planned-call.js';
import { pageOf } from '../outcome/planned-page.js';
import type { SentCall } from './sent-attempt.js';

/** The one task of this call. The tag is how the upstream's record can be searched for this very attempt. */
export function requestFor({ planned, targets, call, items, tag }: SentCall): Record<string, unknown> {
  const { params, endpoint: name } = planned.description;
  const endpoint = endpointOf(name);
  const names = targets.map(({ target }) => target);
  if (endpoint.kind === 'bulk') return { ...params, targets: names, tag };
  const { offset } = pageOf({ call, targets }, planned, endpoint);
  return { ...params, target: names[0], offset, limit: items, tag };
}

/** How the answer to this call is known, and what its items mean. */
export function askedOf({ planned, targets, call, tag }: SentCall): AskedCall {
  const endpoint = endpointOf(planned.description.endpoint);
  const offset = endpoint.kind === 'list' ? pageOf({ call, targets }, planned, endpoint).offset : 0;
  return { tag, targets: targets.map(({ target }) => target), endpoint, offset };
}

/** A page may be asked for with fewer items where money is short, a bulk call is bought whole. */
export function itemsAsked(call: PlannedCall, planned: PlannedJob): { mostItems: number; leastItems: number } {
  const endpoint = endpointOf(planned.description.endpoint);
  if (endpoint.kind === 'bulk') return { mostItems: call.targets.length, leastItems: call.targets.length };
  return { mostItems: pageOf(call, planned, endpoint).limit, leastItems: 1 };
}
