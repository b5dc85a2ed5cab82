import type { EstimateView, Job, Result, Row, SubmittedJob } from '@linkhaul/schemas';

const AT = '2026-11-01T10:00:00.000Z';

export function sampleJob(overrides: Partial<SubmittedJob> = {}): Job {
  return {
    id: 'job_1',
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    tenant: 'local',
    params: {},
    metadata: {},
    max_items_per_target: null,
    max_age: null,
    max_cost_usd: null,
    on_budget: 'pause',
    deadline: null,
    on_invalid: 'skip',
    on_overlap: 'allow',
    retention_days: 30,
    start: 'auto',
    target_as: 'given',
    keep_www: false,
    webhook: null,
    pingback_url: null,
    postback_url: null,
    status: 'running',
    reason: null,
    outcome: null,
    run: 1,
    upstream: { host: '127.0.0.1', simulated: true },
    created_at: AT,
    started_at: AT,
    finished_at: null,
    expires_at: null,
    rows: { total: 2, pending: 2, ok: 0, empty: 0, failed: 0, invalid: 0, skipped: 0 },
    duplicates: 0,
    reused: 0,
    items: 0,
    calls: { planned: 1, done: 0, failed: 0, unknown: 0, in_flight: 1, attempts: 1 },
    cost: { estimated_usd: 0.1, spent_usd: 0, reserved_usd: 0.1, unconfirmed_usd: 0, wasted_usd: 0 },
    history: [],
    progress: 0,
    eta_ms: null,
    bound_by: null,
    bound_detail: null,
    links: { self: '/', results: '/', rows: '/', events: '/' },
    ...overrides,
  };
}

export const finishedJob = sampleJob({ status: 'completed', outcome: 'complete', finished_at: AT, progress: 1 });

export function sampleResult(line: number, target = `${line}.example.com`): Result {
  return {
    line,
    input: target,
    id: null,
    target,
    status: 'ok',
    duplicate_of: null,
    position: 0,
    call: 1,
    fetched_at: AT,
    source: 'upstream',
    data: { target, backlinks: line },
    error: null,
  };
}

export function sampleRow(line: number): Row {
  const target = `${line}.example.com`;
  return {
    line,
    input: target,
    id: null,
    target,
    target_kind: 'subdomain',
    status: 'ok',
    duplicate_of: null,
    items: 1,
    total_count: null,
    truncated: null,
    cost_usd: 0.001,
    fetched_at: AT,
    call: 1,
    error: null,
  };
}

export const sampleEstimate: EstimateView = {
  rows: 2,
  invalid: 0,
  duplicates: 0,
  calls: { planned: 2, in_input_order: 2 },
  cost_usd: { low: 0.05, high: null },
  saved_usd: 0,
  saved_by_reuse_usd: 0,
  duration_ms: { low: 60, high: null },
  bound_by: 'upstream_rate',
  balance_usd: null,
  probe: { job: 'job_2', rows: 2, spent_usd: 0.05 },
};
