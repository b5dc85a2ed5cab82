import { z } from 'zod';
import { TARGET_KINDS } from './endpoints/endpoint.js';
import { ROW_CODES } from './error-codes.js';

export const ROW_STATUSES = ['pending', 'ok', 'empty', 'failed', 'invalid', 'skipped'] as const;
export const rowStatus = z.enum(ROW_STATUSES).meta({ id: 'RowStatus' });

export const rowErrorCode = z
  .enum(ROW_CODES)
  .meta({ id: 'RowErrorCode', description: 'Why a row is `invalid`, `failed` or `skipped`.' });

export const rowError = z
  .object({
    code: rowErrorCode,
    message: z.string(),
    retryable: z.boolean().describe('Whether the same row may succeed when it is run again.'),
    attempts: z.int(),
  })
  .meta({ id: 'RowError' });

const duplicateOf = z.int().nullable().describe('The line of the first row with the same target; it was bought there.');

/** What a line says about its row. */
export const rowInput = {
  line: z.int().describe('Physical line where the record begins, from 1; in JSON the index + 1.'),
  input: z.string().describe('As it was given.'),
  id: z.string().nullable().describe("The caller's own name for the row."),
  target: z.string().nullable().describe('In normal form; null for an invalid row.'),
};

export const row = z
  .object({
    ...rowInput,
    target_kind: z.enum(TARGET_KINDS).nullable(),
    status: rowStatus,
    duplicate_of: duplicateOf,
    items: z.int(),
    total_count: z.number().nullable(),
    truncated: z.enum(['max_items', 'budget', 'deadline', 'upstream', 'error']).nullable(),
    cost_usd: z.number().nullable().describe('Null if the answer is damaged and no longer says it.'),
    fetched_at: z.iso.datetime().nullable(),
    call: z.int().nullable(),
    error: rowError.nullable(),
  })
  .meta({ id: 'Row', description: 'One line per input row, without data.' });

/** One line per item. A row without items, or one that failed after some, has one more line with `position: null`. */
export const result = z.object({
  ...rowInput,
  status: rowStatus,
  duplicate_of: duplicateOf,
  position: z
    .int()
    .nullable()
    .describe('The position of the item in its list, from 0; null on a line without an item.'),
  call: z.int().nullable(),
  fetched_at: z.iso.datetime().nullable(),
  source: z
    .enum(['upstream', 'stored'])
    .nullable()
    .describe('`stored`: copied, at no cost, from an answer that the tenant had already (`max_age`).'),
  data: z.record(z.string(), z.unknown()).nullable().describe("The upstream's item, untouched."),
  error: rowError.nullable(),
});

export type RowStatus = z.infer<typeof rowStatus>;
export type RowError = z.infer<typeof rowError>;
export type Row = z.infer<typeof row>;
export type Result = z.infer<typeof result>;
