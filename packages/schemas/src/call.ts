import { z } from 'zod';
import { nextCursor } from './next-cursor.js';

/** The ledger's own words for the state of a call. */
export const CALL_STATUSES = ['planned', 'sending', 'stored', 'failed', 'unknown'] as const;
export const callStatus = z.enum(CALL_STATUSES).meta({ id: 'CallStatus' });

const time = z.iso.datetime();

const attempt = z
  .object({
    tag: z.string().describe("The tag under which the upstream's own record has it."),
    upstream_task_id: z.string().nullable(),
    sent_at: time.nullable().describe('Null if the stored answer, which would say so, is broken.'),
    answered_at: time.nullable().describe('Null if no answer came.'),
    code: z.int().nullable().describe("The upstream's `status_code`."),
    cost_usd: z.number().nullable().describe('Null while it is not known, or if it cannot be found out.'),
    worker: z.string().nullable(),
  })
  .meta({ id: 'CallAttempt', description: 'One try of a call that reached the upstream, or may have.' });

export const call = z
  .object({
    call: z.int().describe('Its number in the job.'),
    status: callStatus,
    targets: z.int().describe('How many targets it asks about.'),
    offset: z.int().nullable().describe('Where the page of a list endpoint begins. Null for a bulk call.'),
    attempts: z.array(attempt),
  })
  .meta({ id: 'Call', description: 'One request to the upstream, as the ledger has it.' });

export const callsPage = z
  .object({ calls: z.array(call), next_cursor: nextCursor })
  .meta({ id: 'CallsPage', description: "A page of a job's calls, by number." });

export type CallStatus = z.infer<typeof callStatus>;
export type CallAttempt = z.infer<typeof attempt>;
export type Call = z.infer<typeof call>;
export type CallsPage = z.infer<typeof callsPage>;
