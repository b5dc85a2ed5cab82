import type { RetryChoice, SettledCalls } from '@linkhaul/jobs';
import { type RetryCode, SKIPPED_CODES } from '@linkhaul/schemas';
import {
  type Answer,
  callBefore,
  copiedOfPositions,
  type JobRef,
  type LastCall,
  MISSING_TARGET,
  type PlannedTarget,
  readAnswer,
  runOf,
} from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';
import { answerAfterGivingUp } from '../settle/late-answer.js';
import { type RereadAnswer, rereadAnswer } from './reread-answer.js';
import type { RowsWithoutAnswer } from './rows-without-answer.js';

/** A job that is retried. */
export interface RetriedJob {
  readonly job: JobRef;
  readonly planned: PlannedJob;
  readonly settled: SettledCalls;
  readonly choice: RetryChoice;
  /** Only calls up to this number can have an answer that was stored before the call was planned. */
  readonly keptTo: number;
}

export type RetryServices = Pick<Services, 'storage' | 'source' | 'ledger' | 'queues'>;

/** A call whose kept answer can be read now: its rows need not be bought again. */
export interface UnderstoodCall extends RereadAnswer {
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

/** Reads the kept answer of a call again. Null if the call has none, or it still cannot be read. */
export async function understandAnswer(
  rows: RowsWithoutAnswer,
  last: LastCall,
  retried: RetriedJob,
  services: RetryServices,
): Promise<UnderstoodCall | null> {
  const { job, planned } = retried;
  const { code, targets, positions } = rows;
  if (code in SKIPPED_CODES) return understoodBefore(rows, last, retried, services);
  const answer = await keptAnswer(code, last, job, services);
  if (answer === null) return null;
  // A bulk answer covers all targets of its call, including those whose rows were copied.
  const asked = planned.plan.kind === 'bulk' ? last.targets : targets;
  const reread = await rereadAnswer({ job, planned, answer, targets: asked });
  return reread === null ? null : { ...ofPositions(reread, answer, positions), targets };
}

/** The part of an answer for some targets of its call. */
function ofPositions(
  { outcome, ...understood }: RereadAnswer,
  answer: Answer,
  positions: readonly number[],
): RereadAnswer & { readonly answer: Answer } {
  if (outcome.kind !== 'bulk') return { ...understood, outcome, answer };
  const items = positions.map((at) => outcome.items[at] ?? MISSING_TARGET);
  const { copied, ...header } = answer.header;
  const own = copied && copiedOfPositions(copied, positions);
  const about: Answer = own
    ? { ...answer, header: { ...header, copied: own } }
    : { ...answer, header, copies: async () => null };
  return { ...understood, outcome: { kind: 'bulk', items }, answer: about };
}

/** The answer that the previous run stored as understood, if that run ended before it was settled. */
async function understoodBefore(
  { targets }: RowsWithoutAnswer,
  { open: call }: LastCall,
  { job, planned: { plan }, keptTo }: RetriedJob,
  { storage }: RetryServices,
): Promise<UnderstoodCall | null> {
  // Only a root call of a later run can have such an answer, so storage is not asked about other calls.
  if (call > keptTo || runOf(call, plan).run === 1 || callBefore(call, plan) !== null) return null;
  const found = await readAnswer(storage, job, { call, attempt: 1 });
  if (found.kind !== 'there') return null;
  const { outcome, statusCode, task = 0 } = found.answer.header;
  const decides = outcome.kind === 'bulk' || (outcome.kind === 'list' && outcome.status !== null);
  return decides ? { answer: found.answer, outcome, statusCode, task, targets } : null;
}

/** A stored answer that was paid for and may be readable now: it was not understood when it arrived, or it arrived late. */
async function keptAnswer(
  code: RetryCode,
  last: LastCall,
  job: JobRef,
  services: RetryServices,
): Promise<Answer | null> {
  // An earlier page is damaged, so this answer would not complete the row.
  if (last.damage !== null) return null;
  if (code === 'answer_unreadable') return last.answer;
  if (last.answer?.header.givenUp === undefined) return null;
  return answerAfterGivingUp({ job, ...last.answer.header }, services);
}
