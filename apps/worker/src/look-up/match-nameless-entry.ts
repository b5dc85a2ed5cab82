import { matchKey, type RecordEntry } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import type { SoughtCall } from './looked-up-attempt.js';
import { isAround } from './record-window.js';

/**
 * Whether an entry of the record whose tag could not be read may be that of a call: its function, its time, or a request
 * without a tag may say that it is another's.
 */
export async function mayBe(
  { endpoint, postedAt, asked }: RecordEntry,
  call: SoughtCall,
  services: Pick<Services, 'source' | 'logger'>,
): Promise<boolean> {
  if (endpoint !== null && endpoint !== call.endpoint) return false;
  if (postedAt !== null && !isAround(call, postedAt)) return false;
  return asked === null || (await mayAsk(asked, call, services));
}

/** Where the call's targets cannot be read, nobody can tell. */
async function mayAsk(
  asked: NonNullable<RecordEntry['asked']>,
  call: SoughtCall,
  { source, logger }: Pick<Services, 'source' | 'logger'>,
): Promise<boolean> {
  try {
    const planned = await source.job(call.job);
    if (planned === null) return true;
    const targets = await source.targets(call.job, planned.plan, call.call);
    return asked.count === targets.length && matchKey(asked.first) === matchKey(targets[0]?.target ?? '');
  } catch (err) {
    logger.error({ err, job: call.job.id, call: call.call }, 'could not read the targets of an unknown call');
    return true;
  }
}
