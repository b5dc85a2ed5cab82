import { itemLimit } from '@linkhaul/jobs';
import type { RowEndpoint } from '@linkhaul/schemas';
import { ordinalOf } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { type PageRequest, pageRequest } from './list-outcome.js';
import type { PlannedCall } from './planned-call.js';

/** The page that a call of one row is planned to request. A further run continues after the items that the row already has. */
export function plannedPage(
  { call, targets }: PlannedCall,
  { description, plan }: PlannedJob,
  endpoint: RowEndpoint,
): PageRequest {
  const maxItems = itemLimit(endpoint, description, plan.roots);
  const before = targets[0]?.before;
  const from = (before?.items ?? 0) + (before?.strays ?? 0);
  return pageRequest(endpoint, { number: ordinalOf(call, plan), from, maxItems });
}
