import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import type { Query } from '../../request/query.js';
import type { CsvOptions } from '../../results/csv.js';
import { unknownCursor } from '../../results/cursor.js';
import { csvOptionsOf } from '../csv-options.js';
import { DAY_MS, type GroupValues } from './usage-sums.js';

const DEFAULT_DAYS = 30;
const MOST_MONTHS = 25;

const WHOLE_DAYS = 'days are counted whole, in UTC: send a date such as 2026-01-31, or its 00:00 UTC';

/** A day, given as a date or as its 00:00 UTC. Parsed to the number of days since 1970-01-01. */
export const usageDay = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], WHOLE_DAYS)
  .refine((text) => Date.parse(text) % DAY_MS === 0, WHOLE_DAYS)
  .transform((text) => Date.parse(text) / DAY_MS);

/** Days since 1970-01-01, UTC. */
interface Days {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface UsageQuery extends Days {
  readonly groupBy: readonly string[];
  readonly format: 'json' | 'csv';
  readonly csv: CsvOptions;
  /** The last group of the previous page. */
  readonly after: GroupValues | null;
  readonly limit: number;
}

/** The query of the route, parsed. */
interface Asked {
  /** Days since 1970-01-01. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly group_by: readonly string[];
  readonly format: 'json' | 'csv';
  readonly spreadsheet?: '1' | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Checks the parsed query. `given` is the query as it was sent. */
export function parseUsageQuery(asked: Asked, given: Query, now: number): UsageQuery {
  const { format, limit, group_by: groupBy } = asked;
  const csv = csvOptionsOf(asked);
  const paging = ['cursor', 'limit'].find((name) => given[name] !== undefined);
  if (format === 'csv' && paging !== undefined) throw invalidRequest(paging, 'goes with format=json: csv has all');
  const cursor = asked.cursor === undefined ? null : decodeUsageCursor(asked.cursor);
  judgeGroupBy(groupBy);
  const days = cursor !== null && asked.from === undefined && asked.to === undefined ? cursor : daysOf(asked, now);
  if (cursor !== null && (cursor.from !== days.from || cursor.to !== days.to || cursor.by !== groupBy.join(','))) {
    throw unknownCursor();
  }
  const { from, to } = days;
  return { from, to, groupBy, format, csv, after: cursor?.after ?? null, limit };
}

const FIELDS = ['tenant', 'tag', 'endpoint', 'watch', 'day', 'month'];

function judgeGroupBy(fields: readonly string[]): void {
  for (const [at, field] of fields.entries()) {
    if (!FIELDS.includes(field) && !/^metadata\../s.test(field)) {
      throw invalidRequest('group_by', `must be some of ${FIELDS.join(', ')} and metadata.<key>, separated by commas`);
    }
    if (fields.indexOf(field) !== at) throw invalidRequest('group_by', `names ${field} twice`);
  }
}

/** By default the last 30 days, today included; at most as far back as usage is kept. */
function daysOf(asked: Pick<Asked, 'from' | 'to'>, now: number): Days {
  const today = Math.floor(now / DAY_MS);
  const { to = today + 1 } = asked;
  const { from = Math.min(today + 1, to) - DEFAULT_DAYS } = asked;
  if (from >= to) throw invalidRequest('from', 'must be before `to`');
  const date = new Date(now);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - MOST_MONTHS, date.getUTCDate()) / DAY_MS;
  if (from < first) {
    throw invalidRequest('from', `is more than ${MOST_MONTHS} months back: usage is kept from ${dayText(first)} on`);
  }
  // Nothing is bought after today, so a `to` in the far future must not be read day by day.
  return { from, to: Math.max(from, Math.min(to, today + 2)) };
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

const encoded = z.tuple([z.int(), z.int(), z.string(), z.array(z.string().nullable())]);

export function encodeUsageCursor({ from, to, groupBy }: UsageQuery, after: GroupValues): string {
  const fields: z.infer<typeof encoded> = [from, to, groupBy.join(','), [...after]];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function decodeUsageCursor(text: string) {
  try {
    const [from, to, by, after] = encoded.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { from, to, by, after };
  } catch {
    throw unknownCursor();
  }
}
