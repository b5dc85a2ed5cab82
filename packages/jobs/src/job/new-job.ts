import type { Nanos } from '@linkhaul/schemas';
import { FORMAT } from '@linkhaul/storage';
import { usageGroupOf } from '../tenant/usage-group.js';
import type { JobBounds, JobDescription } from './description.js';
import { docOf } from './description-fields.js';
import type { BoundKey } from './idempotency.js';

/** The counts with which a job begins. */
export interface AcceptedCounts {
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly estimatedNanos: Nanos;
}

export interface AcceptedJob {
  readonly description: JobDescription;
  /** Who submits it, for the job's history. */
  readonly by: string;
  readonly counts: AcceptedCounts;
  readonly bounds: JobBounds;
  /** The idempotency key with which it was submitted. */
  readonly key?: BoundKey;
  /** The installation that Redis must know. */
  readonly installation?: string;
  /** The open run of a watch, whose job it is. */
  readonly runOf?: RunOfWatch;
}

export interface RunOfWatch {
  readonly watch: string;
  /** The version of the watch that makes the job. */
  readonly version: number;
  readonly tick: number;
  /** Storage may have answers of the job already: it is asked before each send. */
  readonly asksStorage: boolean;
}

/** The fields of a new job's hash. */
export function newJobFields({
  description,
  counts,
  bounds,
}: Pick<AcceptedJob, 'description' | 'counts' | 'bounds'>): Record<string, string | number> {
  return {
    doc: docOf(description),
    format: FORMAT,
    status: 'queued',
    upstream_host: description.upstreamHost,
    endpoint: description.endpoint,
    tag: description.tag,
    retention_days: description.retention_days,
    group: usageGroupOf(description).id,
    ...(description.watch !== undefined && { watch: description.watch }),
    ...(description.tasks?.hooked && { hooked: 1 }),
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
