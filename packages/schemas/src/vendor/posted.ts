import { CODES } from './codes.js';

/** A task of a request, before it is judged by its endpoint. */
export type Task = Readonly<Record<string, unknown>>;

/** The tasks of a body, at least one, or the code that refuses it. */
export type JudgedBody =
  | { readonly ok: true; readonly tasks: readonly [Task, ...Task[]] }
  | { readonly ok: false; readonly code: number };

/** The most tasks that one request may set. */
export const MAX_TASKS = 100;
/** Far above any sensible task. Deeper nesting would overflow the stack of recursive readers. */
const MAX_DEPTH = 64;
/** More than two filters of eight lists of a thousand values. A schema might report each of the values. */
const MAX_VALUES = 20_000;
const MAX_FIELDS = 50;

/** Finds the list of tasks in a body, whatever its elements are. Null if there is none. */
export type ListOf = (json: unknown) => readonly unknown[] | null;

interface BodyForm {
  readonly listOf?: ListOf;
  readonly most?: number;
}

/** Judges by lengths alone, so that a refusal costs no more than parsing the text. With more tasks than `most`, none is read. */
export function judgeBody(text: string, { listOf = arrayOf, most = MAX_TASKS }: BodyForm = {}): JudgedBody {
  if (text.trim() === '') return { ok: false, code: CODES.emptyBody };
  const list = listOf(jsonOf(text));
  if (list !== null && list.length > most) return { ok: false, code: CODES.tooManyTasks };
  if (!list?.every(isTask) || !list.every(isModest)) return { ok: false, code: CODES.invalidBody };
  const [first, ...others] = list;
  return first === undefined ? { ok: false, code: CODES.emptyBody } : { ok: true, tasks: [first, ...others] };
}

/** The vendor's PHP and Python examples send a map with the keys 0, 1, … in place of an array. */
function arrayOf(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json;
  return isTask(json) && Object.keys(json).every((key) => /^\d+$/.test(key)) ? Object.values(json) : null;
}

export function isTask(value: unknown): value is Task {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The vendor's types allow null for every optional parameter: it means that the parameter is not set. If there are more
 * fields than any endpoint has, the first ones are enough to show that some are unknown.
 */
export function withoutNulls(task: Task): Task {
  const set = Object.entries(task).filter(([, value]) => value !== null);
  return Object.fromEntries(set.slice(0, MAX_FIELDS));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Stops as soon as there are too many values or levels. */
function isModest(task: Task): boolean {
  let left = MAX_VALUES;
  const fits = (value: unknown, levels: number): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
    left -= inner.length;
    return left >= 0 && levels > 0 && inner.every((one) => fits(one, levels - 1));
  };
  return fits(task, MAX_DEPTH);
}
