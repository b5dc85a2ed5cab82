import { z } from 'zod';

/** A code that means "done" at both levels of an answer. */
export const STATUS_OK = 20000;

const optionalText = z.string().nullable().optional();
const optionalNumber = z.number().nullable().optional();

/** US dollars for a call or an item. A negative amount, or more than any call costs, is an error: sums with it would break. */
export const upstreamUsd = z.number().min(0).max(1000);

const optionalUsd = upstreamUsd.nullable().optional();

/** One element of `tasks`. Every field is nullable in the vendor's types; unknown ones pass through. */
const upstreamTask = z.looseObject({
  id: optionalText,
  status_code: optionalNumber,
  status_message: optionalText,
  time: optionalText,
  /** US dollars. If it is not 0, it is charged, for a failed task too. */
  cost: optionalUsd,
  result_count: optionalNumber,
  path: z.array(z.string().nullable()).nullable().optional(),
  data: z.record(z.string(), z.unknown()).nullable().optional(),
  result: z.array(z.unknown()).nullable().optional(),
});

/** The whole of an upstream answer. The truth is in `status_code`, here and in each task, not in the HTTP status. */
export const upstreamEnvelope = z.looseObject({
  version: optionalText,
  status_code: z.number(),
  status_message: optionalText,
  time: optionalText,
  cost: optionalUsd,
  tasks_count: optionalNumber,
  tasks_error: optionalNumber,
  tasks: z.array(upstreamTask.nullable()).nullable().optional(),
});

/** `result[0]` of the endpoints that give items. */
export const upstreamResult = z.looseObject({
  target: optionalText,
  total_count: optionalNumber,
  items_count: optionalNumber,
  items: z.array(z.looseObject({}).nullable()).nullable().optional(),
});

export type UpstreamTask = z.infer<typeof upstreamTask>;
export type UpstreamEnvelope = z.infer<typeof upstreamEnvelope>;
export type UpstreamResult = z.infer<typeof upstreamResult>;
