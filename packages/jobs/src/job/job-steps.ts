import { FAILED_CODES, type Nanos, type PauseReason, type RetryCode } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { lastReply, replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';
import { codesOf, type RetryChoice, rowsByCode } from './retry-choice.js';

export type JobAction = 'plan' | 'pause' | 'resume' | 'cancel';

interface StoredPlan {
  readonly roots: number;
  readonly callsPerPart: number;
  /** Whether a user starts the job by hand. */
  readonly manual: boolean;
  /** How many root calls, from the first on, are in storage. All of them unless set. */
  readonly stored?: number;
}

interface Transition {
  readonly action: JobAction;
  readonly by: string;
  /** Why it pauses. With a reason, `resume` resumes only a job that is paused for it. */
  readonly reason?: PauseReason;
  /** A new budget for the job, set when it resumes. */
  readonly budget?: Nanos;
  /** The daily limit of tenants that have no limit of their own. */
  readonly tenantDaily?: Nanos | null;
  /** The least that a call costs. A new budget must pay for one. */
  readonly leastCall?: Nanos;
}

export interface TransitionReply {
  /** `short`, `tenant_short`, `watch_short`: the budget of the job, its tenant or its watch does not pay for its next call. */
  readonly result: 'done' | 'same' | 'refused' | 'gone' | 'short' | 'tenant_short' | 'watch_short';
  readonly status: string;
  /** Nothing of the job is open any more: it can be closed. */
  readonly last: boolean;
  /** The least budget that would do, if it is short. */
  readonly least: Nanos;
}

interface Retry {
  readonly by: string;
  readonly choice: RetryChoice;
  /** A new budget for the job. */
  readonly budget?: Nanos;
  /** The least that a call costs. A new budget must pay for one. */
  readonly leastCall?: Nanos;
}

export interface RetryReply {
  /**
   * `closing`: it is finished, but its end is still being announced. `nothing`: the choice matches no row. `short`: its
   * budget does not pay for its next call.
   */
  readonly result: 'done' | 'refused' | 'closing' | 'nothing' | 'gone' | 'short';
  readonly status: string;
  /** The least budget that would do, if it is short. */
  readonly least: Nanos;
  /** If the choice matches no row: how many rows have each code. */
  readonly left: ReadonlyMap<RetryCode, number>;
}

interface FurtherPlan {
  readonly run: number;
  /** The number before its first call. */
  readonly base: number;
  readonly roots: number;
  readonly callsPerPart: number;
  /** How many rows it takes up, by their present code. */
  readonly rows: ReadonlyMap<RetryCode, number>;
  /** The calls that decided those rows before, as a bitmap. */
  readonly retried: Buffer;
  /** True if storage may have answers to its calls already: then storage is asked before each of them is sent. */
  readonly isStored: boolean;
}

/**
 * The steps in the life of a job. Each is atomic and can be repeated. `last` says that nothing of the job is open any
 * more.
 */
export interface JobSteps {
  /** The plan is stored, or its first calls are. */
  planned(job: JobRef, plan: StoredPlan): Promise<{ last: boolean }>;
  act(job: JobRef, transition: Transition): Promise<TransitionReply>;
  /** Runs rows of a finished job again. Which rows is decided when the next run is planned. */
  retry(job: JobRef, retry: Retry): Promise<RetryReply>;
  /** Keeps later runs from using call numbers up to this one, because answers are stored under them. */
  keepNumbers(job: JobRef, to: number): Promise<void>;
  /** The plan of a further run is stored. If it has no calls, the job can be closed with its earlier results. */
  plannedAgain(job: JobRef, plan: FurtherPlan): Promise<{ last: boolean }>;
  /** Pauses or finishes the job if its deadline has passed. */
  judgeDeadline(job: JobRef): Promise<{ last: boolean }>;
  /** Closes the job if nothing of it is open. Returns its status. */
  finish(job: JobRef): Promise<string>;
}

interface Step {
  readonly job: string;
}

interface Planned extends Step {
  readonly roots: number;
  readonly calls_per_part: number;
  readonly manual: boolean;
  readonly stored: number;
}
const plannedScript = script<Planned>()('job/planned', lastReply);

interface PlannedAgain extends Step {
  readonly run: string;
  readonly base: number;
  readonly roots: number;
  readonly calls_per_part: number;
  readonly failed: number;
  readonly skipped: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly is_stored: boolean;
}
const plannedAgainScript = script<PlannedAgain>()('job/planned_again', lastReply);

interface Transitioning extends Step {
  readonly action: JobAction;
  readonly by: string;
  readonly reason: PauseReason | null;
  readonly budget: Nanos | null;
  readonly tenant_daily: Nanos | null;
  readonly least_call: Nanos;
}
const transitionScript = script<Transitioning>()(
  'job/transition',
  replyOf({
    result: z.enum(['done', 'same', 'refused', 'gone', 'short', 'tenant_short', 'watch_short']),
    status: z.string(),
    last: z.boolean(),
    least: z.coerce.number().default(0),
  }),
);

interface Retrying extends Step {
  readonly by: string;
  readonly choice: string;
  readonly codes: readonly RetryCode[];
  readonly budget: Nanos | null;
  readonly least_call: Nanos;
}
const retryScript = script<Retrying>()(
  'job/retry',
  replyOf({
    result: z.enum(['done', 'refused', 'closing', 'nothing', 'gone', 'short']),
    status: z.string(),
    least: z.coerce.number().default(0),
    left: z.record(z.string(), z.coerce.number()).default({}),
  }),
);

const keepNumbersScript = script<Step & { number: number }>()('job/keep_numbers', z.string());
const overdueScript = script<Step>()('job/overdue', lastReply);
const finishScript = script<Step>()('job/finish', z.string());

export function createJobSteps({ run }: Access): JobSteps {
  return {
    planned: (job, { roots, callsPerPart, manual, stored = roots }) =>
      run(plannedScript, { job: jobName(job), roots, calls_per_part: callsPerPart, manual, stored }),
    async act(job, { action, by, reason = null, budget = null, tenantDaily = null, leastCall = 0 }) {
      const money = { budget, tenant_daily: tenantDaily, least_call: leastCall };
      return run(transitionScript, { job: jobName(job), action, by, reason, ...money });
    },
    async retry(job, { by, choice, budget = null, leastCall = 0 }) {
      const wanted = { choice: JSON.stringify(choice), codes: codesOf(choice), budget, least_call: leastCall };
      const { left, ...reply } = await run(retryScript, { job: jobName(job), by, ...wanted });
      return { ...reply, left: rowsByCode(left) };
    },
    async keepNumbers(job, to) {
      await run(keepNumbersScript, { job: jobName(job), number: to });
    },
    plannedAgain(job, { run: number, base, roots, callsPerPart, rows, retried, isStored }) {
      const counts = { failed: 0, skipped: 0 };
      for (const [code, count] of rows) counts[code in FAILED_CODES ? 'failed' : 'skipped'] += count;
      const plan = { run: String(number), base, roots, calls_per_part: callsPerPart, is_stored: isStored };
      const arg = { job: jobName(job), ...plan, ...counts, codes: Object.fromEntries(rows) };
      return run(plannedAgainScript, arg, retried);
    },
    judgeDeadline: (job) => run(overdueScript, { job: jobName(job) }),
    finish: (job) => run(finishScript, { job: jobName(job) }),
  };
}
