/** A job description for tests that do not depend on its values. */
export const DESCRIPTION = {
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
  upstreamHost: 'localhost',
  webhook: null,
  rowParts: 1,
  invalidParts: 0,
} as const;
