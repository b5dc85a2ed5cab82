import { z } from 'zod';

export const ROW_STATUSES = ['pending', 'ok', 'empty', 'failed', 'invalid', 'skipped'] as const;
export const rowStatus = z.enum(ROW_STATUSES);

export const rowError = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  attempts: z.int(),
});

const input = {
  /** Physical line where the record begins, from 1; in JSON the index + 1. */
  line: z.int(),
  input: z.string(),
  id: z.string().nullable(),
  target: z.string().nullable(),
};

/** One line an input row, without data: `GET /v1/jobs/:id/rows`. */
export const row = z.object({
  ...input,
  target_kind: z.enum(['domain', 'subdomain', 'page']).nullable(),
  status: rowStatus,
  /** The line of the first row with the same target; it was bought there. */
  duplicate_of: z.int().nullable(),
  items: z.int(),
  total_count: z.number().nullable(),
  truncated: z.enum(['max_items', 'budget', 'deadline', 'upstream', 'error']).nullable(),
  cost_usd: z.number(),
  fetched_at: z.iso.datetime().nullable(),
  call: z.int().nullable(),
  error: rowError.nullable(),
});

/** One line an item; a row without items, or failed after some, has one more with `position: null`. */
export const result = z.object({
  ...input,
  status: rowStatus,
  duplicate_of: z.int().nullable(),
  position: z.int().nullable(),
  call: z.int().nullable(),
  fetched_at: z.iso.datetime().nullable(),
  source: z.literal('upstream').nullable(),
  /** The upstream's item, untouched. */
  data: z.record(z.string(), z.unknown()).nullable(),
  error: rowError.nullable(),
});

export type RowStatus = z.infer<typeof rowStatus>;
export type RowError = z.infer<typeof rowError>;
export type Row = z.infer<typeof row>;
export type Result = z.infer<typeof result>;
