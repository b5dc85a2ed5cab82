import {
  callShapeOf,
  endpointOf,
  JOB_STATUSES,
  type JobStatus,
  SKIPPED_CODES,
  type SkippedCode,
} from '@linkhaul/schemas';
import { type JobRef, type PlannedRun, type PlanShape, requireFormat } from '@linkhaul/storage';
import { z } from 'zod';
import type { JobBounds, JobDescription } from './description.js';
import { descriptionFields, descriptionOf } from './description-fields.js';
import type { RetryChoice } from './retry-choice.js';

interface HistoryEntry {
  readonly at: number;
  /** The id of a key made by the service, the tenant of a key set by the operator, `admin` or `system`. */
  readonly by: string;
  readonly action: string;
  /**
   * Statuses; amounts in US dollars for `set_budget`; outcomes of a finished job for `answer_damaged`. Empty if there
   * was none before.
   */
  readonly from: string;
  readonly to: string;
  /** Why the job was paused or ended, or which reason is over if it resumes by itself. */
  readonly reason?: string;
}

/** A job as Redis holds it now. */
export interface JobRecord {
  readonly description: JobDescription;
  readonly status: JobStatus;
  readonly reason: string | null;
  readonly outcome: 'complete' | 'partial' | 'none' | null;
  readonly bounds: JobBounds;
  /** Why its open rows were skipped, if its money or time was over. */
  readonly cut: 'budget' | 'deadline' | null;
  /** It waits for money that is reserved for calls in flight. */
  readonly short: boolean;
  /**
   * It waits for the trial: the answer to one call of its tenant, which shows whether answers of its endpoint can be
   * read again.
   */
  readonly awaitsTrial: boolean;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When it last moved forward, in ms on Redis' clock. Null for a job of an earlier version. */
  readonly movedAt: number | null;
  /** When it expires and may be removed. Null while it is not finished. */
  readonly expiresAt: number | null;
  /** As the upstream's answers say. Null before the first answer. */
  readonly simulated: boolean | null;
  readonly run: number;
  /** Which rows the run takes up, until it is planned. */
  readonly retry: RetryChoice | null;
  /** Storage may have answers under call numbers up to this one. */
  readonly keptTo: number;
  /** It has completed with results: its tag answers with it, also while it is run again. */
  readonly good: boolean;
  readonly counts: Counts;
  /** Null until the job is planned. */
  readonly plan: PlanShape | null;
  /** While its plan is being written: how many root calls, from the first on, are in storage. Otherwise null. */
  readonly storedRoots: number | null;
  readonly history: readonly HistoryEntry[];
  /** The place of its latest event. Null before the first. */
  readonly lastEvent: string | null;
}

const COUNTERS = [
  'pending',
  'ok',
  'empty',
  'failed',
  'invalid',
  'skipped',
  'total',
  'duplicates',
  'reused',
  'items',
  'planned',
  'done',
  'failed_calls',
  'unknown',
  'in_flight',
  'attempts',
  'open',
  'damaged',
  'estimated',
  'spent',
  'reserved',
  'unconfirmed',
  'wasted',
] as const;

type Counts = Readonly<Record<(typeof COUNTERS)[number], number>>;

const RUN_ENDS = Object.keys(SKIPPED_CODES) as SkippedCode[];

function fromJson<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

const whole = z.coerce.number().int();
const optionalWhole = z.preprocess((value) => (value === '' ? undefined : value), whole.optional());

const retryChoice = z.object({
  statuses: z.array(z.enum(['failed', 'skipped'])),
  codes: z.array(z.string()).nullable(),
  retryableOnly: z.boolean(),
  buy: z.boolean().default(false),
});

/** An earlier run. */
const plannedRun = z.object({
  run: whole,
  base: whole,
  roots: whole,
  callsPerPart: whole,
  end: z.enum(['done', ...RUN_ENDS]),
});

const hash = descriptionFields.extend({
  status: z.enum(JOB_STATUSES),
  reason: z.string().default(''),
  outcome: z.enum(['complete', 'partial', 'none']).optional(),
  started_at: optionalWhole,
  finished_at: optionalWhole,
  moved_at: optionalWhole,
  expires_at: optionalWhole,
  simulated: z.string().optional(),
  run: whole.default(1),
  max_cost: optionalWhole,
  deadline: optionalWhole,
  cut: z.enum(['budget', 'deadline']).optional(),
  short: z.enum(['1', 'trial']).optional(),
  retry: fromJson(retryChoice).optional(),
  good: z.string().optional(),
  kept_to: whole.default(0),
  planned_run: whole.default(1),
  base: whole.default(0),
  roots: optionalWhole,
  calls_per_part: optionalWhole,
  stored_roots: optionalWhole,
  runs: fromJson(z.array(plannedRun)).default([]),
  event: z.string().optional(),
  ...Object.fromEntries(COUNTERS.map((name) => [name, whole.default(0)])),
});

/** The format of a job. Jobs that only versions without formats have worked on lack the field. */
export function formatOf(field: string | null | undefined): number {
  return field == null ? 1 : Number(field);
}

/** Reads a job's hash and history. Null if there is no such job; throws `NewerFormat` where a newer version works on it. */
export function parseJobRecord(
  job: JobRef,
  fields: Record<string, string>,
  history: readonly string[],
): JobRecord | null {
  if (fields.doc === undefined) return null;
  requireFormat('a job in Redis', formatOf(fields.format));
  const known = hash.parse(fields);
  const counts = z.record(z.enum(COUNTERS), z.number()).parse(pick(known, COUNTERS));
  const description = descriptionOf(job, descriptionFields.parse(fields));
  return {
    description,
    status: known.status,
    reason: known.reason === '' ? null : known.reason,
    outcome: known.outcome ?? null,
    bounds: { maxCost: known.max_cost ?? null, deadline: known.deadline ?? null },
    cut: known.cut ?? null,
    short: known.short === '1',
    awaitsTrial: known.short === 'trial',
    startedAt: known.started_at ?? null,
    finishedAt: known.finished_at ?? null,
    movedAt: known.moved_at ?? null,
    expiresAt: known.expires_at ?? null,
    simulated: known.simulated === undefined ? null : known.simulated === '1',
    run: known.run,
    retry: known.retry ?? null,
    keptTo: known.kept_to,
    good: known.good === undefined ? known.status === 'completed' && known.outcome !== 'none' : known.good === '1',
    counts,
    ...planOf(description, known),
    history: history.map((entry): HistoryEntry => JSON.parse(entry)),
    lastEvent: known.event ?? null,
  };
}

function planOf(description: JobDescription, known: z.output<typeof hash>): Pick<JobRecord, 'plan' | 'storedRoots'> {
  return { plan: planShape(description, known), storedRoots: known.stored_roots ?? null };
}

function planShape({ endpoint }: JobDescription, known: z.output<typeof hash>): PlanShape | null {
  const { roots, calls_per_part: callsPerPart, planned_run: run, base, runs } = known;
  if (roots === undefined || callsPerPart === undefined) return null;
  // While the next run is being planned, the last run with calls counts as an earlier one.
  const planned: readonly PlannedRun[] =
    runs.at(-1)?.run === run ? runs : [...runs, { run, base, roots, callsPerPart, end: null }];
  const [first, ...later] = planned;
  if (first === undefined) return null;
  return {
    kind: callShapeOf(endpointOf(endpoint)),
    roots: first.roots,
    callsPerPart: first.callsPerPart,
    ...(first.end !== null && { end: first.end }),
    ...(later.length > 0 && { later }),
  };
}

function pick(source: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, source[name]]));
}
