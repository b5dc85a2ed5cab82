import { createHash } from 'node:crypto';

/** A job and its tenant. The tenant is part of every path and key. */
export interface JobRef {
  readonly tenant: string;
  readonly id: string;
}

/** One attempt of a call of a job. */
export interface AttemptRef {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
}

/** A tick of a watch. `watch`: the watch's id, which no later watch of the same name has. */
export interface WatchTick {
  readonly tenant: string;
  readonly watch: string;
  readonly version: number;
  /** ms since the epoch. */
  readonly tick: number;
}

const CALLS_PER_FOLDER = 1000;

/** Every path in storage is made here. */
export const paths = {
  account: (account: string) => `accounts/${account}`,
  recordSearch: (account: string) => `record-searches/${account}`,
  /** A run of a watch, by the watch's version and the tick. */
  watchRun: ({ tenant, watch, version, tick }: WatchTick) => `watches/${tenant}/${watch}/${version}.${tick}.json`,
  watchRuns: ({ tenant, watch }: Pick<WatchTick, 'tenant' | 'watch'>) => `watches/${tenant}/${watch}`,
  job: (job: JobRef) => `jobs/${job.tenant}/${job.id}`,
  /** The tasks in the vendor's form that the job answers. */
  tasks: (job: JobRef) => `${paths.job(job)}/tasks.json.gz`,
  rows: (job: JobRef, part: number) => `${paths.job(job)}/rows/${numbered(part)}.ndjson.gz`,
  invalidRows: (job: JobRef, part: number) => `${paths.job(job)}/invalid/${numbered(part)}.ndjson.gz`,
  plan: (job: JobRef, part: number) => `${paths.job(job)}/plan/${numbered(part)}.ndjson.gz`,
  /** Which of its targets had stored answers when the job was planned. */
  expectedCopies: (job: JobRef) => `${paths.job(job)}/expected-copies.gz`,
  answers: (job: JobRef) => `${paths.job(job)}/answers`,
  answer: (job: JobRef, call: number, attempt: number) =>
    `${paths.answers(job)}/${numbered(Math.floor(call / CALLS_PER_FOLDER))}/${call}.${attempt}`,
  /** Beside the first answer of an attempt: the answer to another request of the attempt. */
  secondAnswer: (job: JobRef, { call, attempt, sending }: { call: number; attempt: number; sending: string }) =>
    `${paths.answer(job, call, attempt)}.${safeName(sending)}`,
  /** The answer that came for an attempt after it was given up. The first place says that it was. */
  lateAnswer: (job: JobRef, call: number, attempt: number) => `${paths.answer(job, call, attempt)}.late`,
  /** A further part of a long list that was copied. */
  copiedPart: (job: JobRef, { call, name, part }: { call: number; name: string; part: number }) =>
    `${paths.job(job)}/copies/${call}.${name}/${numbered(part)}.gz`,
  /** The cost of an answer according to the upstream's record. */
  charge: (job: JobRef, call: number, attempt: number) => `${paths.answer(job, call, attempt)}.charge`,
  /** A body that is not an answer, as far as is known. */
  keptBody: (job: JobRef, call: number, attempt: number) => `${paths.answer(job, call, attempt)}.body.gz`,
  /** Everything that was written for readers of the job's results. */
  results: (job: JobRef) => `results/${job.tenant}/${job.id}`,
  resultFile: (at: ResultForm, part: number) => `${resultFolder(at)}/${numbered(part)}.${at.extension}`,
  resultIndex: (at: ResultForm) => `${resultFolder(at)}/index.json`,
};

/** An upstream's id, which may be any text, as a safe name. */
function safeName(id: string): string {
  return /^[\w-]{1,100}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

/** The results of one run of a job, in one form and one version of its columns. */
export interface ResultForm {
  readonly job: JobRef;
  readonly run: number;
  /** How many of its answers were known to be damaged. */
  readonly damaged: number;
  readonly version: number;
  readonly name: string;
  readonly extension: string;
}

function resultFolder({ job, run, damaged, version, name }: ResultForm): string {
  const state = damaged === 0 ? `run-${run}` : `run-${run}.damaged-${damaged}`;
  return `${paths.results(job)}/${state}.v${version}/${name}`;
}

function numbered(part: number): string {
  return String(part).padStart(6, '0');
}
