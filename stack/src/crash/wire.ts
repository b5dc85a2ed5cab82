import type { CrashedAt } from './points.js';

/** How the script that settles a call is known: by its fourth argument, which no other script has. */
const VERDICTS = new Set(['stored', 'failed', 'split']);
/** EVALSHA, the script, the number of keys, the prefix, and no more than the words that are looked at here. */
const WORDS = 10;

/** The first words of a Redis command in its wire form; none where the bytes are something else. */
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

/** The job that a command closes: its script is the only one whose one argument is a job. Null for any other command. */
export function finishedBy(words: readonly string[]): CrashedAt | null {
  const [, , , , job = '', ...more] = scriptOf(words);
  return more.length === 0 && job.includes('/job_') ? { job: idOf(job), attempt: null } : null;
}

/** The job of which a command lets the first calls of its plan go, and not all; null for any other command. */
export function plannedBy(words: readonly string[]): CrashedAt | null {
  const [, , , , job = '', ...plan] = scriptOf(words);
  const [roots = 0, callsPerPart = 0, manual, stored = 0] = plan.map(Number);
  const isPlan = plan.length === 4 && callsPerPart > 0 && (manual === 0 || manual === 1);
  return isPlan && stored < roots ? { job: idOf(job), attempt: null } : null;
}

function scriptOf(words: readonly string[]): readonly string[] {
  return /^eval(sha)?$/i.test(words[0] ?? '') ? words : [];
}

/** Of `<tenant>/<id>`. */
function idOf(job: string): string {
  return job.slice(job.indexOf('/') + 1);
}
