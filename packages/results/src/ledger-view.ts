import { type JobRecord, refOf, settledAnswers } from '@linkhaul/jobs';
import { endpointOf, isPaged } from '@linkhaul/schemas';
import {
  type Answer,
  callBefore,
  existingFollowers,
  lastFollower,
  lastRunOf,
  type PlannedRun,
  type PlanShape,
  pagesUpTo,
  rootOf,
  runOf,
} from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { wasEnded } from './lines.js';
import type { PlanReader } from './plan.js';

/** A job's calls at one moment. */
export interface LedgerView {
  /** The highest call that is settled or will be shown as skipped. */
  readonly highest: number;
  isSettled(call: number): boolean;
  /** Whether a later run took up its failed and skipped rows. */
  isRetried(call: number): boolean;
  /** Whether it can no longer be settled. */
  isOver(call: number): boolean;
  /** The answer of a settled call. Null if it is damaged. */
  answer(call: number): Promise<Answer | null>;
  /** The calls that exist because of this call's answer. */
  followers(call: number, answer: Answer | null): readonly number[];
  /** Whether a page of its list, up to its own, is damaged. */
  isBehindDamage(call: number): boolean;
  /** Whether a later run has asked for its page again, because that page or an earlier one is damaged. */
  isReplaced(call: number): boolean;
  attempt(call: number): number;
  /** The targets of a call. Of a damaged call, those that no later run had taken up. */
  readonly targetsOf: PlanReader;
  /** Whether an unsettled call exists, or would if the job had not ended. */
  isOpen(call: number): boolean | Promise<boolean>;
}

export async function ledgerView(
  job: JobRecord,
  { plan, targetsOf }: { plan: PlanShape; targetsOf: PlanReader },
  reading: Reading,
): Promise<LedgerView> {
  const ref = refOf(job.description);
  const settled = await reading.calls.settled(ref, plan.later);
  const answers = settledAnswers({ job: ref, plan, settled, targetsOf }, reading);
  const pages = (call: number) => (plan.kind === 'list' ? pagesUpTo(call, plan) : [call]);
  const isBehindDamage = (call: number) => plan.kind === 'list' && pages(call).some(answers.isDamaged);
  const followers = (call: number, answer: Answer | null) =>
    existingFollowers({ call, answer, isBehindDamage: isBehindDamage(call) }, { plan, settled });
  const last = lastRunOf(plan);
  const mayFollow = mayHaveFollowers(job);
  // The job is read again after the snapshot: if it ended in between, calls that its end removed must still count. If it
  // had ended before, the record that was passed in shows that.
  const isCut = mayFollow && (wasEnded(job) || wasEnded(await reading.store.get(ref)));
  const wasCutOff = (call: number): boolean | Promise<boolean> => {
    const before = callBefore(call, plan);
    if (before === null || !settled.isSettled(before)) return false;
    if (plan.kind === 'bulk' && !settled.isSplit(rootOf(call, plan))) return false;
    return answers.of(before).then((answer) => followers(before, answer).includes(call));
  };
  /** Whether calls that were open when their run ended were skipped. */
  const mayBeCutOff = ({ run, end }: PlannedRun) =>
    end === null ? isCut && run === last.run : mayFollow && end !== 'done';
  const isOver = job.finishedAt !== null || last.end !== null;
  const highest = Math.max(settled.highest, last.base + last.roots);
  const ended = mayBeCutOff(last) ? lastFollower(highest, plan) : highest;
  return {
    highest: isOver ? ended : Math.max(settled.highest, last.base),
    isSettled: settled.isSettled,
    isRetried: answers.isRetried,
    isOver: (call) => isOver || call <= last.base,
    answer: answers.of,
    followers,
    isBehindDamage,
    isReplaced: (call) => pages(call).some((page) => answers.isDamaged(page) && answers.isRetried(page)),
    attempt: settled.attempt,
    targetsOf: answers.targetsOf,
    isOpen: (call) => {
      const run = runOf(call, plan);
      return call <= run.base + run.roots || settled.isLive(call) || (mayBeCutOff(run) && wasCutOff(call));
    },
  };
}

/** Whether a row of the job may need more than one call. */
function mayHaveFollowers({ description }: JobRecord): boolean {
  const endpoint = endpointOf(description.endpoint);
  const { max_items_per_target: most } = description;
  if (!isPaged(endpoint)) return endpoint.kind === 'bulk';
  return most === null || most > endpoint.maxLimit;
}
