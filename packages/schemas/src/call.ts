import { z } from 'zod';

/** The ledger's own words for the state of a call. */
export const CALL_STATUSES = ['planned', 'sending', 'stored', 'failed', 'unknown'] as const;
export const callStatus = z.enum(CALL_STATUSES);

const time = z.iso.datetime();

/** One try of a call that reached the upstream, or may have. */
const attempt = z.object({
  /** What the upstream's own record has it under. */
  tag: z.string(),
  upstream_task_id: z.string().nullable(),
  sent_at: time,
  /** Null where no answer came. */
  answered_at: time.nullable(),
  /** The upstream's `status_code`. */
  code: z.int().nullable(),
  /** Null while it is not known, or where nothing could tell. */
  cost_usd: z.number().nullable(),
  worker: z.string().nullable(),
});

/** One call of a job: `GET /v1/jobs/:id/calls`. */
export const call = z.object({
  call: z.int(),
  status: callStatus,
  /** How many it asks about. */
  targets: z.int(),
  /** Of a list endpoint's page; null of a bulk call. */
  offset: z.int().nullable(),
  attempts: z.array(attempt),
});

export const callsPage = z.object({ calls: z.array(call), next_cursor: z.string().nullable() });

export type CallStatus = z.infer<typeof callStatus>;
export type CallAttempt = z.infer<typeof attempt>;
export type Call = z.infer<typeof call>;
export type CallsPage = z.infer<typeof callsPage>;
