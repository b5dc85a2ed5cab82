import { z } from 'zod';
import { idListRequest, timeOf } from '../id-list.js';
import { type Task, withoutNulls } from './posted.js';
import { invalidField, type Refusal, refusedFor } from './refusals.js';

const DEFAULT_LIMIT = 1000;
const DAY_MS = 86_400_000;
/** How old a call may be: six months, or one month with metadata, at their longest, so that we answer all that the vendor would. */
const WINDOW_MS = 184 * DAY_MS;
const METADATA_WINDOW_MS = 31 * DAY_MS;
const ERRORS_KEPT_MS = 7 * DAY_MS;

/** A page of a record of calls: those within a time, in ms since 1970, both ends included. */
interface RecordPage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly offset: number;
}

export interface IdListPage extends RecordPage {
  readonly oldestFirst: boolean;
  readonly withMetadata: boolean;
}

export interface ErrorsPage extends RecordPage {
  /** Such as `backlinks/bulk_backlinks`. Null: any. */
  readonly function: string | null;
}

type Judged<Page> = { readonly ok: true; readonly page: Page } | { readonly ok: false; readonly refusal: Refusal };

/** Judges the task of an `id_list` request. */
export function judgeIdList(task: Task, now: number): Judged<IdListPage> {
  const parsed = idListRequest.safeParse(withoutNulls(task));
  if (!parsed.success) return { ok: false, refusal: refusedFor(parsed.error.issues) };
  const { datetime_from, datetime_to, limit = DEFAULT_LIMIT, offset = 0, sort, include_metadata } = parsed.data;
  const withMetadata = include_metadata ?? false;
  const [fromMs, toMs] = [timeOf(datetime_from), timeOf(datetime_to)];
  if (fromMs === null) return { ok: false, refusal: invalidField('datetime_from') };
  if (toMs === null) return { ok: false, refusal: invalidField('datetime_to') };
  const oldestMs = Math.floor(now / 1000) * 1000 - (withMetadata ? METADATA_WINDOW_MS : WINDOW_MS);
  if (toMs < fromMs || fromMs < oldestMs) return { ok: false, refusal: invalidField('datetime_from') };
  return { ok: true, page: { fromMs, toMs, limit, offset, oldestFirst: sort === 'asc', withMetadata } };
}

const errorsRequest = z.strictObject({
  limit: z.int().min(1).max(1000).optional(),
  offset: z.int().min(0).optional(),
  filtered_function: z.string().optional(),
  datetime_from: z.string().optional(),
  datetime_to: z.string().optional(),
});

/** Judges the task of an `errors` request, which is about the last seven days. */
export function judgeErrors(task: Task, now: number): Judged<ErrorsPage> {
  const parsed = errorsRequest.safeParse(withoutNulls(task));
  if (!parsed.success) return { ok: false, refusal: refusedFor(parsed.error.issues) };
  const { limit = DEFAULT_LIMIT, offset = 0, filtered_function, datetime_from, datetime_to } = parsed.data;
  const fromMs = datetime_from === undefined ? now - ERRORS_KEPT_MS : timeOf(datetime_from);
  const toMs = datetime_to === undefined ? now : timeOf(datetime_to);
  if (fromMs === null) return { ok: false, refusal: invalidField('datetime_from') };
  if (toMs === null) return { ok: false, refusal: invalidField('datetime_to') };
  const page = { fromMs: Math.max(fromMs, now - ERRORS_KEPT_MS), toMs, limit, offset };
  return { ok: true, page: { ...page, function: filtered_function ?? null } };
}
