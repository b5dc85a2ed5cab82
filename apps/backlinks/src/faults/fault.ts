import { endpointName } from '@linkhaul/schemas';
import { z } from 'zod';

/**
 * Selects the calls that a fault applies to: those that match all given properties. Look-ups (`id_list`) match only if `endpoint`
 * names them.
 */
const aim = {
  /** How many calls the fault applies to. Default: all, until the fault is removed. */
  count: z.int().min(1).optional(),
  /** The probability for a matching call. Runs with the same seed choose the same calls. */
  share: z.number().min(0).max(1).optional(),
  seed: z.int().default(1),
  endpoint: z.enum([...endpointName.options, 'id_list']).optional(),
  /** One of the call's targets. */
  target: z.string().min(1).optional(),
  /** The beginning of the call's tag. */
  tag: z.string().min(1).optional(),
};

/** Whether the call runs and is charged although it fails. */
const charged = z.boolean().default(false);
const retryAfter = z.int().min(0).max(86_400).optional();

export const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    code: z.int().min(10_000).max(60_000),
    level: z.enum(['envelope', 'task']).default('envelope'),
    /** Replaces the message of the code. */
    message: z.string().min(1).max(1000).optional(),
    charged,
    ...aim,
  }),
  z.strictObject({
    kind: z.literal('http'),
    http_status: z.int().min(300).max(599),
    /** `envelope` says 20000 Ok. and has no tasks. */
    body: z.enum(['none', 'envelope', 'html']).default('none'),
    retry_after_s: retryAfter,
    charged,
    ...aim,
  }),
  /** HTTP 200 and 20000 Ok., but `tasks` is [] or null. */
  z.strictObject({ kind: z.literal('empty_tasks'), charged, ...aim }),
  z.strictObject({ kind: z.literal('null_tasks'), charged, ...aim }),
  /** The task is Ok., but its result is null. Charged as one row. A task that is refused stays refused. */
  z.strictObject({ kind: z.literal('null_result'), ...aim }),
  /** HTTP 200 with a page of HTML. */
  z.strictObject({ kind: z.literal('not_json'), charged, ...aim }),
  /** The connection breaks before anything is run. */
  z.strictObject({ kind: z.literal('reset_before'), ...aim }),
  // With all the following faults the call runs and is charged.
  /** The call takes this much longer. Nothing else is wrong with it. */
  z.strictObject({ kind: z.literal('delay'), delay_ms: z.int().min(0).max(600_000), ...aim }),
  /** The connection breaks before the answer. */
  z.strictObject({ kind: z.literal('reset_after'), ...aim }),
  /** The connection breaks in the middle of the body. */
  z.strictObject({ kind: z.literal('truncated'), ...aim }),
  /** The HTTP message is complete, but the gzip stream in it is cut in half. */
  z.strictObject({ kind: z.literal('truncated_gzip'), ...aim }),
  z.strictObject({ kind: z.literal('slow_body'), duration_ms: z.int().min(0).max(600_000), ...aim }),
  /** No answer comes until the client leaves or the process stops. */
  z.strictObject({ kind: z.literal('hang'), ...aim }),
  /** The answer is that of another task, with another target and tag. It has the cost of this task. */
  z.strictObject({ kind: z.literal('wrong_task'), ...aim }),
]);

export type Fault = z.infer<typeof fault>;
