import { type Nanos, nanosOf } from '../money.js';
import { chargeOf, isObject, type JsonObject, numberOf, objectsOf, textOf } from './values.js';

/** What an entry of the upstream's record says about a call, as far as it can be read. Times are ms on the upstream's clock. */
export interface RecordEntry {
  readonly id: string | null;
  /** The tag of the call's request. */
  readonly tag: string | null;
  /** What the call asked about, if its request has no tag. */
  readonly asked: AskedTargets | null;
  /** The function that was called, such as `bulk_backlinks`. */
  readonly endpoint: string | null;
  readonly postedAt: number | null;
  readonly doneAt: number | null;
  readonly cost: Nanos | null;
}

interface AskedTargets {
  readonly first: string;
  readonly count: number;
}

/** Reads one entry, each field by itself, so that an error in one field does not affect the others. */
export function readRecordEntry(value: unknown): RecordEntry {
  const entry = isObject(value) ? value : {};
  const request = requestIn(entry.metadata);
  const tag = textOf(request?.tag);
  const usd = chargeOf(entry.cost);
  return {
    id: textOf(entry.id),
    tag,
    asked: tag === null && request !== null ? askedIn(request) : null,
    endpoint: functionIn(entry.url),
    postedAt: instantOf(entry.datetime_posted),
    doneAt: instantOf(entry.datetime_done),
    cost: usd === null ? null : nanosOf(usd),
  };
}

/** The request as it was sent. The metadata has it as an object, in a list or not, or as the JSON text of either. */
function requestIn(metadata: unknown): JsonObject | null {
  const requests = objectsOf(typeof metadata === 'string' ? parsed(metadata) : metadata);
  return requests.find(({ tag }) => textOf(tag) !== null) ?? requests[0] ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function askedIn({ target, targets }: JsonObject): AskedTargets | null {
  const names = Array.isArray(targets) ? targets : [target];
  const [first] = names;
  return typeof first === 'string' ? { first, count: names.length } : null;
}

function functionIn(url: unknown): string | null {
  return typeof url === 'string' ? (/\/(\w+)\/live\b/.exec(url)?.[1] ?? null) : null;
}

/** Seconds since the epoch have ten digits until 2286, and milliseconds thirteen. */
const FIRST_SECOND = 1e9;
const FIRST_MILLISECOND = 1e12;
const LAST_MILLISECOND = 1e13;

/** `2026-11-22 10:00:01 +00:00` is the vendor's form. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)?$/i;

/** Reads the vendor's text, RFC 3339, or seconds or milliseconds since the epoch. Returns ms since the epoch, or null. */
function instantOf(value: unknown): number | null {
  const number = numberOf(value);
  if (number !== null) return ofEpoch(number);
  const [whole, day, time, zone = 'Z'] = (typeof value === 'string' && TIMESTAMP.exec(value.trim())) || [];
  if (whole === undefined) return null;
  const at = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(at) ? null : at;
}

function ofEpoch(number: number): number | null {
  if (number < FIRST_SECOND || number >= LAST_MILLISECOND) return null;
  return number < FIRST_MILLISECOND ? number * 1000 : number;
}
