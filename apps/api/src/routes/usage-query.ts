import { z } from 'zod';
import { invalidRequest } from '../problem.js';
import type { CsvOptions } from '../results/csv.js';
import { unknownCursor } from '../results/cursor.js';
import { parseCsvOptions, parseLimit, type Query } from './query.js';
import { DAY_MS, type GroupValues } from './usage-sums.js';

const DEFAULT_DAYS = 30;
const MOST_MONTHS = 25;

export const USAGE_QUERY = ['from', 'to', 'group_by', 'format', 'cursor', 'limit', 'spreadsheet'];

/** Days since 1970-01-01, UTC. */
interface Days {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

export interface UsageQuery extends Days {
  readonly groupBy: readonly string[];
  readonly format: 'json' | 'csv';
  readonly csv: CsvOptions;
  /** The last group of the page before. */
  readonly after: GroupValues | null;
  readonly limit: number;
}

export function parseUsageQuery(query: Query, now: number): UsageQuery {
  const { format = 'json', limit } = query;
  if (format !== 'json' && format !== 'csv') throw invalidRequest('format', 'must be json or csv');
  const csv = parseCsvOptions(query);
  const paging = query.cursor === undefined ? limit && 'limit' : 'cursor';
  if (format === 'csv' && paging) throw invalidRequest(paging, 'goes with format=json: csv has all');
  const cursor = query.cursor === undefined ? null : decodeUsageCursor(query.cursor);
  const groupBy = parseGroupBy(query.group_by);
  const days = cursor !== null && query.from === undefined && query.to === undefined ? cursor : daysOf(query, now);
  if (cursor !== null && (cursor.from !== days.from || cursor.to !== days.to || cursor.by !== groupBy.join(','))) {
    throw unknownCursor();
  }
  const { from, to } = days;
  return { from, to, groupBy, format, csv, after: cursor?.after ?? null, limit: parseLimit(limit) };
}

const FIELDS = ['tenant', 'tag', 'endpoint', 'day', 'month'];

function parseGroupBy(text = 'day'): readonly string[] {
  const fields = text.split(',');
  for (const [at, field] of fields.entries()) {
    if (!FIELDS.includes(field) && !/^metadata\../s.test(field)) {
      throw invalidRequest('group_by', `must be some of ${FIELDS.join(', ')} and metadata.<key>, separated by commas`);
    }
    if (fields.indexOf(field) !== at) throw invalidRequest('group_by', `names ${field} twice`);
  }
  return fields;
}

/** The last 30 days, today among them, unless told; no further back than usage is kept. */
function daysOf({ from: fromText, to: toText }: Query, now: number): Days {
  const today = Math.floor(now / DAY_MS);
  const to = toText === undefined ? today + 1 : parseDay('to', toText);
  const from = fromText === undefined ? Math.min(today + 1, to) - DEFAULT_DAYS : parseDay('from', fromText);
  if (from >= to) throw invalidRequest('from', 'must be before `to`');
  const date = new Date(now);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - MOST_MONTHS, date.getUTCDate()) / DAY_MS;
  if (from < first) {
    throw invalidRequest('from', `is more than ${MOST_MONTHS} months back: usage is told from ${dayText(first)} on`);
  }
  // Nothing is bought after today: a far `to` must not be walked to.
  return { from, to: Math.max(from, Math.min(to, today + 2)) };
}

const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

function parseDay(name: 'from' | 'to', text: string): number {
  const day = isoTime.safeParse(text).success ? Date.parse(text) / DAY_MS : Number.NaN;
  if (Number.isInteger(day)) return day;
  throw invalidRequest(name, 'days are counted whole, in UTC: send a date such as 2026-01-31, or its 00:00 UTC');
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
