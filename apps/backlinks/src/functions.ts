import { randomBytes } from 'node:crypto';
import type { EndpointName } from '@linkhaul/schemas';

/** The part of a task id that names its function. Those of the bulk endpoints and referring_domains are the upstream's. */
const FUNCTION_IDS: Readonly<Record<EndpointName | 'id_list' | 'user_data', string>> = {
  bulk_backlinks: '0348',
  bulk_pages_summary: '0576',
  referring_domains: '0273',
  domain_pages: '0271',
  domain_pages_summary: '0272',
  id_list: '0405',
  user_data: '0001',
};

export type FunctionName = keyof typeof FUNCTION_IDS;

/** `MMDDhhmm-<account>-<function>-0000-<12 hex digits>`, in UTC. */
export function newTaskId(name: FunctionName, at: Date): string {
  const [, month, day, hour, minute] = at.toISOString().split(/[-T:]/);
  return `${month}${day}${hour}${minute}-1535-${FUNCTION_IDS[name]}-0000-${randomBytes(6).toString('hex')}`;
}
