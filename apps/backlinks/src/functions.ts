import { randomBytes } from 'node:crypto';
import type { EndpointName } from '@linkhaul/schemas';

type FreeFunctionName = 'id_list' | 'errors' | 'index' | 'available_filters' | 'user_data' | 'appendix_errors';

/**
 * The part of a task id that names its function. Those of the bulk endpoints and referring_domains are the upstream's.
 */
const FUNCTION_IDS: Readonly<Record<EndpointName | FreeFunctionName, string>> = {
  bulk_backlinks: '0348',
  bulk_pages_summary: '0576',
  referring_domains: '0273',
  domain_pages: '0271',
  domain_pages_summary: '0272',
  id_list: '0405',
  errors: '0406',
  index: '0264',
  available_filters: '0263',
  user_data: '0001',
  appendix_errors: '0002',
};

export type FunctionName = keyof typeof FUNCTION_IDS;

/** `MMDDhhmm-<account>-<function>-0000-<12 hex digits>`, in UTC. */
export function newTaskId(name: FunctionName, at: Date): string {
  const [, month, day, hour, minute] = at.toISOString().split(/[-T:]/);
  return `${month}${day}${hour}${minute}-1535-${FUNCTION_IDS[name]}-0000-${randomBytes(6).toString('hex')}`;
}
