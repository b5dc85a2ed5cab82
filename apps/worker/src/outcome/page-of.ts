import { itemLimit } from '@linkhaul/jobs';
import type { ListEndpoint } from '@linkhaul/schemas';
import { ordinalOf } from '@linkhaul/storage';
import type { PlannedJob } from '../sources/job-source.js';
import { type PageRequest, pageRequest } from './list.js';

/** The page that a call of a list is planned to ask for. */
export function pageOf(call: number, { description, plan }: PlannedJob, endpoint: ListEndpoint): PageRequest {
  const maxItems = itemLimit(description.max_items_per_target, { roots: plan.roots, maxLimit: endpoint.maxLimit });
  return pageRequest(endpoint, { number: ordinalOf(call, plan), maxItems });
}
