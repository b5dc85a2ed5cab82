import type { CrashedAt } from './points.js';

/** The fourth argument of the script that settles a call. No other script has these values there. */
const VERDICTS = new Set(['stored', 'failed', 'split']);
/** EVALSHA, digest, number of keys, prefix, and the arguments that this file looks at. */
const WORDS = 10;

/** The first words of a Redis command in wire form; an empty list for other bytes. */
export function commandWords(bytes: unknown): readonly string[] {
  if (!(typeof bytes === 'string' || Buffer.isBuffer(bytes))) return [];
  const [count = '', ...fields] = bytes.toString().split('\r\n', 2 * WORDS + 1);
  if (!/^\*\d+$/.test(count)) return [];
  return fields.filter((_, at) => at % 2 === 1).slice(0, Number(count.slice(1)));
}

/** The attempt that a command settles; null for any other command. */
export function settledBy(words: readonly string[]): CrashedAt | null {
  const [, , , , job = '', call, attempt, verdict = ''] = scriptOf(words);
  if (!VERDICTS.has(verdict)) return null;
  return { job: idOf(job), attempt: { call: Number(call), number: Number(attempt) } };
}

/** The job that a command finishes; null for any other command. Only that script has a job as its single argument. */
export function finishedBy(words: readonly string[]): CrashedAt | null {
  const [, , , , job = '', ...more] = scriptOf(words);
  return more.length === 0 && job.includes('/job_') ? { job: idOf(job), attempt: null } : null;
}

/** The job whose first calls, but not all, a command releases for sending; null for any other command. */
export function plannedBy(words: readonly string[]): CrashedAt | null {
  const [, , , , job = '', ...plan] = scriptOf(words);
  const [roots = 0, callsPerPart = 0, manual, stored = 0] = plan.map(Number);
  const isPlan = plan.length === 4 && callsPerPart > 0 && (manual === 0 || manual === 1);
  return isPlan && stored < roots ? { job: idOf(job), attempt: null } : null;
}

function scriptOf(words: readonly string[]): readonly string[] {
  return /^eval(sha)?$/i.test(words[0] ?? '') ? words : [];
}

/** The id in `<tenant>/<id>`. */
function idOf(job: string): string {
  return job.slice(job.indexOf('/') + 1);
}
