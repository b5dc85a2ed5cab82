import { type JobRecord, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import type { Answer, PlanShape } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { answerReader, hasNextPage } from './plan.js';

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
  // Asked after the snapshot: a page that a cancel took out of it must be known to have been there.
  const cancelled = hasPages(job) && (await reading.store.get(ref))?.status === 'cancelled';
  const wasCutOff = async (call: number) =>
    settled.isSettled(call - plan.roots) && hasNextPage(await answer(call - plan.roots));
  const ended = Math.max(settled.highest, plan.roots) + (cancelled ? plan.roots : 0);
  return {
    highest: job.finishedAt === null ? settled.highest : ended,
    isSettled: settled.isSettled,
    answer,
    isOpen: (call) => call <= plan.roots || settled.isLive(call) || (cancelled && wasCutOff(call)),
  };
}

/** Whether a row of the job may need more than one call. */
function hasPages({ description }: JobRecord): boolean {
  const endpoint = endpointOf(description.endpoint);
  return endpoint.kind === 'list' && description.max_items_per_target > endpoint.maxLimit;
}
