import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { CODES } from './codes.js';

export type Task = Readonly<Record<string, unknown>>;

/** The tasks of a request, at least one, or the code that refuses it. */
export type Posted = { readonly ok: true; readonly tasks: readonly [Task, ...Task[]] } | Refused;
interface Refused {
  readonly ok: false;
  readonly code: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

const unzip = promisify(gunzip);
const task = z.record(z.string(), z.unknown());
/** The vendor's PHP and Python examples send a map with the keys 0, 1, … in place of an array. */
const numberedTasks = z.record(z.string().regex(/^\d+$/), task).transform((map) => Object.values(map));
const tasks = z.union([z.array(task), numberedTasks]);

export async function readPosted(request: Request): Promise<Posted> {
  const text = await bodyText(request);
  if (text === null) return { ok: false, code: CODES.invalidBody };
  if (text.trim() === '') return { ok: false, code: CODES.emptyBody };
  const parsed = tasks.safeParse(jsonOf(text));
  if (!parsed.success) return { ok: false, code: CODES.invalidBody };
  const [first, ...others] = parsed.data;
  return first === undefined ? { ok: false, code: CODES.emptyBody } : { ok: true, tasks: [first, ...others] };
}

/** Null where the body is not the gzip stream that its header promises. */
async function bodyText(request: Request): Promise<string | null> {
  const bytes = Buffer.from(await request.arrayBuffer());
  if (request.headers.get('content-encoding')?.toLowerCase() !== 'gzip') return bytes.toString('utf8');
  try {
    return (await unzip(bytes, { maxOutputLength: MAX_BODY_BYTES })).toString('utf8');
  } catch {
    return null;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
