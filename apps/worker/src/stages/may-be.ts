import { matchKey, type RecordEntry } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import { isAround } from './record-window.js';
import type { SoughtCall } from './sought.js';

/**
 * Whether an entry of the record whose tag could not be read may be that of a call: its function, its time, or a request
 * without a tag may say that it is another's.
 */
export async function mayBe(
  { endpoint, postedAt, asked }: RecordEntry,
  call: SoughtCall,
  { source }: Pick<Services, 'source'>,
): Promise<boolean> {
  if (endpoint !== null && endpoint !== call.endpoint) return false;
  if (postedAt !== null && !isAround(call, postedAt)) return false;
  const planned = asked === null ? null : await source.job(call.job);
  if (asked === null || planned === null) return true;
  const targets = await source.targets(call.job, planned.plan, call.call);
  return asked.count === targets.length && matchKey(asked.first) === matchKey(targets[0]?.target ?? '');
}
