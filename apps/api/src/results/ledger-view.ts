import { type JobRecord, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { type Answer, callBefore, followersOf, lastFollower, type PlanShape, rootOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { wasEnded } from './lines.js';
import { answerReader } from './plan.js';

/** What is known of a job's calls at one moment. */
export interface LedgerView {
  /** Nothing is settled, or will be shown as skipped, above this call. */
  readonly highest: number;
  isSettled(call: number): boolean;
  /** The answer of a settled call. */
  answer(call: number): Promise<Answer>;
  /** Whether a call that is not settled is asked for, or would have been if the job had not ended. */
  isOpen(call: number): boolean | Promise<boolean>;
}

export async function ledgerView(job: JobRecord, plan: PlanShape, reading: Reading): Promise<LedgerView> {
  const ref = refOf(job.description);
  const settled = await reading.calls.settled(ref);
  const answer = answerReader(job, settled, reading);
  // Asked after the snapshot: a call that the job's end took out of it must be known to have been there.
  const isCut = mayHaveFollowers(job) && wasEnded(await reading.store.get(ref));
  const wasCutOff = (call: number): boolean | Promise<boolean> => {
    const before = callBefore(call, plan);
    if (before === null || !settled.isSettled(before)) return false;
    if (plan.kind === 'bulk' && !settled.isSplit(rootOf(call, plan))) return false;
    return answer(before).then(({ header }) => followersOf(header, plan).includes(call));
  };
  const highest = Math.max(settled.highest, plan.roots);
  const ended = isCut ? lastFollower(highest, plan) : highest;
  return {
    highest: job.finishedAt === null ? settled.highest : ended,
    isSettled: settled.isSettled,
    answer,
    isOpen: (call) => call <= plan.roots || settled.isLive(call) || (isCut && wasCutOff(call)),
  };
}

/** Whether a row of the job may need more than one call. */
function mayHaveFollowers({ description }: JobRecord): boolean {
  const endpoint = endpointOf(description.endpoint);
  const { max_items_per_target: most } = description;
  return endpoint.kind === 'bulk' || most === null || most > endpoint.maxLimit;
}
