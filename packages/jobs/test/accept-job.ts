import type { JobRef } from '@linkhaul/storage';
import { type AcceptedCounts, type JobBounds, type JobDescription, type Jobs, newJobId } from '../src/index.js';

/** The description of a job, for tests that do not depend on its values. */
export function describeJob(overrides: Partial<JobDescription> = {}): JobDescription {
  return {
    id: newJobId(Date.now()),
    tenant: 'tenant',
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    params: {},
    metadata: {},
    max_items_per_target: 1000,
    on_budget: 'pause',
    on_invalid: 'skip',
    on_overlap: 'allow',
    retention_days: 30,
    start: 'auto',
    target_as: 'given',
    keep_www: false,
    createdAt: Date.now(),
    upstreamHost: 'localhost',
    webhook: null,
    rowParts: 1,
    invalidParts: 0,
    ...overrides,
  };
}

/** What a test says of a job that differs from the usual one. */
export type Overrides = Partial<JobDescription> & { readonly bounds?: Partial<JobBounds> };

/** Accepts a job, as the API does with a list that it has read. */
export async function acceptJob(
  { store, uploads }: Pick<Jobs, 'store' | 'uploads'>,
  counts: Partial<AcceptedCounts> = {},
  { bounds, ...overrides }: Overrides = {},
): Promise<JobRef> {
  const description = describeJob(overrides);
  await uploads.begin({ tenant: description.tenant, id: description.id });
  await store.accept({
    description,
    by: description.tenant,
    counts: { valid: 0, invalid: 0, duplicates: 0, estimatedNanos: 0, ...counts },
    bounds: { maxCost: null, deadline: null, ...bounds },
  });
  return { tenant: description.tenant, id: description.id };
}
