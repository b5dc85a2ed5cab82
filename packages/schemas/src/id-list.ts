import { z } from 'zod';
import { upstreamUsd } from './envelope.js';

/** `POST /v3/backlinks/id_list`: the upstream's record of the calls it got. Times are `yyyy-mm-dd hh:mm:ss +00:00`. */
export const idListRequest = z.strictObject({
  datetime_from: z.string(),
  datetime_to: z.string(),
  limit: z.int().min(1).max(1000).optional(),
  offset: z.int().min(0).optional(),
  sort: z.enum(['asc', 'desc']).optional(),
  include_metadata: z.boolean().optional(),
});

export const idListEntry = z.looseObject({
  id: z.string().nullable().optional(),
  url: z.string().nullable().optional(),
  datetime_posted: z.string().nullable().optional(),
  /** Missing while the call still runs. */
  datetime_done: z.string().nullable().optional(),
  status: z.string().nullable().optional(),
  /** An invalid amount counts as null, so that it does not spoil its page. */
  cost: upstreamUsd.nullable().optional().catch(null),
  metadata: z.record(z.string(), z.unknown()).nullable().optional(),
});

export type IdListRequest = z.infer<typeof idListRequest>;

/** A time in the form that `id_list` takes and gives. */
export function upstreamTimestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}

const FORM = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+00:00$/;

/** The ms since 1970 of a time as the upstream writes it. Null for any other text, and for days that do not exist. */
export function timeOf(text: string): number | null {
  const [, date, time] = FORM.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(ms) || upstreamTimestamp(new Date(ms)) !== text ? null : ms;
}
