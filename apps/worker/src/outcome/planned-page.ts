import { itemLimit } from '@linkhaul/jobs';
import type { ListEndpoint } from '@linkhaul/schemas';
import { ordinalOf } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { type PageRequest, pageRequest } from './list-outcome.js';
import type { PlannedCall } from './planned-call.js';

/** The page of its target that a call of a list is planned to ask for: a further run goes on behind what is there. */
export function pageOf(
  { call, targets }: PlannedCall,
  { description, plan }: PlannedJob,
  endpoint: ListEndpoint,
): PageRequest {
  const maxItems = itemLimit(description.max_items_per_target, { roots: plan.roots, maxLimit: endpoint.maxLimit });
  const before = targets[0]?.before;
  const from = (before?.items ?? 0) + (before?.strays ?? 0);
  return pageRequest(endpoint, { number: ordinalOf(call, plan), from, maxItems });
}
