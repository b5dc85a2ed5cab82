import type { EndpointName, Submission } from '@linkhaul/schemas';
import { endpointOf, JOB_STATUSES, type JobStatus, type Nanos } from '@linkhaul/schemas';
import type { JobRef, PlanShape } from '@linkhaul/storage';
import { z } from 'zod';
import { usageGroupOf } from './usage-group.js';

/** What a job is, fixed when it is accepted. */
export interface JobDescription
  extends Omit<Submission, 'tag' | 'expect_rows' | 'webhook' | 'max_cost_usd' | 'deadline'> {
  readonly id: string;
  readonly tenant: string;
  readonly tag: string;
  readonly endpoint: EndpointName;
  readonly createdAt: number;
  readonly upstreamHost: string;
  readonly webhook: WebhookTarget | null;
  /** Parts of rows in storage. */
  readonly rowParts: number;
  readonly invalidParts: number;
}

/** Where a job's events go. Whether private addresses are allowed is decided when the job is accepted. */
export interface WebhookTarget {
  readonly url: string;
  readonly events: readonly string[] | null;
  readonly allowPrivate: boolean;
}

/** Counts that a job begins with. */
export interface AcceptedCounts {
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly estimatedNanos: Nanos;
}

/** What a job may cost and until when it may run, as it is accepted; a user may change both. */
export interface JobBounds {
  readonly maxCost: Nanos | null;
  /** ms since the epoch. */
  readonly deadline: number | null;
}

interface HistoryEntry {
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly from: string;
  readonly to: string;
  /** What paused or ended the job, or what is over where it resumes by itself. */
  readonly reason?: string;
}

/** A job as Redis holds it now. */
export interface JobRecord {
  readonly description: JobDescription;
  readonly status: JobStatus;
  readonly reason: string | null;
  readonly outcome: 'complete' | 'partial' | 'none' | null;
  readonly bounds: JobBounds;
  /** Why its open rows were skipped, where its money or time was over. */
  readonly cut: 'budget' | 'deadline' | null;
  /** It waits for money that is reserved for calls on their way. */
  readonly short: boolean;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly simulated: boolean;
  readonly run: number;
  readonly counts: Counts;
  /** Null until the job is planned. */
  readonly plan: PlanShape | null;
  readonly history: readonly HistoryEntry[];
  /** Where its latest event stands; null before the first. */
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
  'items',
  'planned',
  'done',
  'failed_calls',
  'unknown',
  'in_flight',
  'attempts',
  'open',
  'estimated',
  'spent',
  'reserved',
  'unconfirmed',
  'wasted',
] as const;

type Counts = Readonly<Record<(typeof COUNTERS)[number], number>>;

const whole = z.coerce.number().int();
const optionalWhole = z.preprocess((value) => (value === '' ? undefined : value), whole.optional());

const hash = z.object({
  doc: z.string(),
  status: z.enum(JOB_STATUSES),
  reason: z.string().default(''),
  outcome: z.enum(['complete', 'partial', 'none']).optional(),
  started_at: optionalWhole,
  finished_at: optionalWhole,
  simulated: z.string().optional(),
  run: whole.default(1),
  max_cost: optionalWhole,
  deadline: optionalWhole,
  cut: z.enum(['budget', 'deadline']).optional(),
  short: z.string().optional(),
  roots: optionalWhole,
  calls_per_part: optionalWhole,
  event: z.string().optional(),
  ...Object.fromEntries(COUNTERS.map((name) => [name, whole.default(0)])),
});

/** Reads a job's hash and history, or null where there is no such job. */
export function parseJobRecord(fields: Record<string, string>, history: readonly string[]): JobRecord | null {
  if (fields.doc === undefined) return null;
  const known = hash.parse(fields);
  const counts = z.record(z.enum(COUNTERS), z.number()).parse(pick(known, COUNTERS));
  const description: JobDescription = JSON.parse(known.doc);
  return {
    description,
    status: known.status,
    reason: known.reason === '' ? null : known.reason,
    outcome: known.outcome ?? null,
    bounds: { maxCost: known.max_cost ?? null, deadline: known.deadline ?? null },
    cut: known.cut ?? null,
    short: known.short !== undefined,
    startedAt: known.started_at ?? null,
    finishedAt: known.finished_at ?? null,
    simulated: known.simulated === '1',
    run: known.run,
    counts,
    plan: planShape(description, known.roots, known.calls_per_part),
    history: history.map((entry): HistoryEntry => JSON.parse(entry)),
    lastEvent: known.event ?? null,
  };
}

export interface AcceptedJob {
  readonly description: JobDescription;
  readonly counts: AcceptedCounts;
  readonly bounds: JobBounds;
}

/** The fields of a new job's hash. */
export function newJobFields({ description, counts, bounds }: AcceptedJob): Record<string, string | number> {
  return {
    doc: JSON.stringify(description),
    status: 'queued',
    upstream_host: description.upstreamHost,
    endpoint: description.endpoint,
    group: usageGroupOf(description).id,
    on_budget: description.on_budget,
    ...(bounds.maxCost !== null && { max_cost: bounds.maxCost }),
    ...(bounds.deadline !== null && { deadline: bounds.deadline }),
    run: 1,
    total: counts.valid + counts.invalid,
    pending: counts.valid,
    invalid: counts.invalid,
    duplicates: counts.duplicates,
    estimated: counts.estimatedNanos,
  };
}

export function refOf(description: JobDescription): JobRef {
  return { tenant: description.tenant, id: description.id };
}

function planShape(
  { endpoint }: JobDescription,
  roots: number | undefined,
  callsPerPart: number | undefined,
): PlanShape | null {
  if (roots === undefined || callsPerPart === undefined) return null;
  return { kind: endpointOf(endpoint).kind, roots, callsPerPart };
}

function pick(source: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, source[name]]));
}
