import type { CrashedAt } from './points.js';

/** EVALSHA, digest, number of keys, prefix, and the script's arguments as JSON. */
const WORDS = 5;

/** The first words of a Redis command in wire form; an empty list for other bytes. */
export function commandWords(bytes: unknown): readonly string[] {
  if (!(typeof bytes === 'string' || Buffer.isBuffer(bytes))) return [];
  const [count = '', ...fields] = bytes.toString().split('\r\n', 2 * WORDS + 1);
  if (!/^\*\d+$/.test(count)) return [];
  return fields.filter((_, at) => at % 2 === 1).slice(0, Number(count.slice(1)));
}

/** The attempt that a command settles; null for any other command. Only the settling script has an argument `verdict`. */
export function settledBy(words: readonly string[]): CrashedAt | null {
  const { job, call, attempt, verdict } = argumentsOf(words);
  if (verdict === undefined) return null;
  return { job: idOf(job), attempt: { call: Number(call), number: Number(attempt) } };
}

/** The job that a command finishes; null for any other command. Only that script has a job as its single argument. */
export function finishedBy(words: readonly string[]): CrashedAt | null {
  const { job, ...more } = argumentsOf(words);
  return job !== undefined && Object.keys(more).length === 0 ? { job: idOf(job), attempt: null } : null;
}

/** The job whose first calls, but not all, a command releases for sending; null for any other command. */
export function plannedBy(words: readonly string[]): CrashedAt | null {
  const { job, roots, stored } = argumentsOf(words);
  const isPart = typeof roots === 'number' && typeof stored === 'number' && stored < roots;
  return isPart ? { job: idOf(job), attempt: null } : null;
}

/** The arguments of a script, by name; empty for other commands. */
function argumentsOf(words: readonly string[]): Readonly<Record<string, unknown>> {
  const [command = '', , , , text = ''] = words;
  if (!/^eval(sha)?$/i.test(command) || !/^\{.*\}$/.test(text)) return {};
  return JSON.parse(text);
}

/** The id in `<tenant>/<id>`. */
function idOf(job: unknown): string {
  const name = String(job);
  return name.slice(name.indexOf('/') + 1);
}
