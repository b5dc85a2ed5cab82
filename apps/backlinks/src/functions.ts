import { randomBytes } from 'node:crypto';
import type { EndpointName } from '@linkhaul/schemas';
import { ANSWERS } from './answers/index.js';

/** The part of a task id that names its function. */
const FREE_FUNCTION_IDS = {
  id_list: '0405',
  errors: '0406',
  index: '0264',
  available_filters: '0263',
  user_data: '0001',
  appendix_errors: '0002',
} as const;

export type FunctionName = EndpointName | keyof typeof FREE_FUNCTION_IDS;

/** `MMDDhhmm-<account>-<function>-0000-<12 hex digits>`, in UTC. */
export function newTaskId(name: FunctionName, at: Date): string {
  const [, month, day, hour, minute] = at.toISOString().split(/[-T:]/);
  return `${month}${day}${hour}${minute}-1535-${idOf(name)}-0000-${randomBytes(6).toString('hex')}`;
}

function idOf(name: FunctionName): string {
  return isFree(name) ? FREE_FUNCTION_IDS[name] : ANSWERS[name].functionId;
}

function isFree(name: FunctionName): name is keyof typeof FREE_FUNCTION_IDS {
  return name in FREE_FUNCTION_IDS;
}
