import { matchKey, type RecordEntry } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import type { LookedUpAttempt } from './looked-up-attempt.js';
import { isAround } from './record-window.js';

/**
 * Whether an entry of the record without a readable tag may be this attempt. Another endpoint, another time or other
 * targets rule it out.
 */
export async function mayBelongTo(
  { endpoint, postedAt, asked }: RecordEntry,
  attempt: LookedUpAttempt,
  services: Pick<Services, 'source' | 'logger'>,
): Promise<boolean> {
  if (endpoint !== null && endpoint !== attempt.endpoint) return false;
  if (postedAt !== null && !isAround(attempt, postedAt)) return false;
  return asked === null || (await mayHaveAsked(asked, attempt, services));
}

/** True if the call's targets cannot be read: then they rule nothing out. */
async function mayHaveAsked(
  asked: NonNullable<RecordEntry['asked']>,
  attempt: LookedUpAttempt,
  { source, logger }: Pick<Services, 'source' | 'logger'>,
): Promise<boolean> {
  try {
    const planned = await source.job(attempt.job);
    if (planned === null) return true;
    const targets = await source.targets(attempt.job, planned.plan, attempt.call);
    return asked.count === targets.length && matchKey(asked.first) === matchKey(targets[0]?.target ?? '');
  } catch (err) {
    logger.error({ err, job: attempt.job.id, call: attempt.call }, 'could not read the targets of an unknown call');
    return true;
  }
}
