import { z } from 'zod';
import { readBody } from './body.js';
import { CODES } from './codes.js';

export type Task = Readonly<Record<string, unknown>>;

/** The tasks of a request, at least one, or the code that refuses it; null where the client has left. */
export type Posted = { readonly ok: true; readonly tasks: readonly [Task, ...Task[]] } | Refused;
interface Refused {
  readonly ok: false;
  readonly code: number | null;
}

const MAX_TASKS = 100;
/** Far above any task that means something: what is nested deeper would break those who walk it by recursion. */
const MAX_DEPTH = 64;

/** Not a record of zod's, which would lose a key called `__proto__` and with it the echo of what was sent. */
export const task = z.custom<Task>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
/** The vendor's PHP and Python examples send a map with the keys 0, 1, … in place of an array. */
const numberedTasks = z.record(z.string().regex(/^\d+$/), task).transform((map) => Object.values(map));
const tasks = z.union([z.array(task), numberedTasks]);

export async function readPosted(request: Request, form: z.ZodType<Task[]> = tasks): Promise<Posted> {
  const body = await readBody(request);
  if (body.kind !== 'text') return { ok: false, code: body.kind === 'gone' ? null : CODES.invalidBody };
  if (body.text.trim() === '') return { ok: false, code: CODES.emptyBody };
  const json = jsonOf(body.text);
  const parsed = form.safeParse(isDeeper(json, MAX_DEPTH) ? undefined : json);
  if (!parsed.success) return { ok: false, code: CODES.invalidBody };
  const [first, ...others] = parsed.data;
  if (first === undefined) return { ok: false, code: CODES.emptyBody };
  if (parsed.data.length > MAX_TASKS) return { ok: false, code: CODES.tooManyTasks };
  return { ok: true, tasks: [first, ...others] };
}

/** The vendor's types allow null for every optional parameter: it means that it is not set. */
export function withoutNulls(task: Task): Task {
  return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== null));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
