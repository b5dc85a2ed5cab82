import type { Environment } from '../env.js';

/** The crash points, in the order in which a call passes them. */
export const CRASH_POINTS = {
  before_sending: 'The send is granted, the ledger says `sending`, and no byte of the request has been written.',
  after_sending: 'All bytes of the request are with the kernel, and nothing of an answer has been read.',
  after_the_answer: 'The whole answer has been read, and its storing has not begun.',
  after_rows_are_stored: 'The answer is in storage, and the script that settles it is about to be sent.',
  after_settle: 'The script that settles the call has replied, and nothing has been done with its reply.',
  between_settle_and_finish: 'The last call is settled, and the script that closes the job is about to be sent.',
} as const;

export type CrashPoint = keyof typeof CRASH_POINTS;

export const crashPoints = Object.keys(CRASH_POINTS).filter(isCrashPoint);

/** The first calls of a plan may be sent, but later ones are not stored yet. A job, not a call, passes this point. */
export const WHILE_PLANNING = 'while_planning';

export interface Crash {
  readonly point: CrashPoint | typeof WHILE_PLANNING;
  /** The worker dies when the n-th attempt (or job) passes the point; 1 is the first. */
  readonly occurrence: number;
}

/** The job and the attempt at the point when the worker died. */
export interface CrashedAt {
  readonly job: string;
  /** Null at a point that jobs pass. */
  readonly attempt: { readonly call: number; readonly number: number } | null;
}

/** The variables that tell the preloaded code where to kill the worker. No app reads them. */
export function crashEnv({ point, occurrence }: Crash): Environment {
  return { CRASH_POINT: point, CRASH_OCCURRENCE: String(occurrence) };
}

/** Reads the crash point from the environment; throws if it names none. */
export function crashFrom({ CRASH_POINT: point = '', CRASH_OCCURRENCE: occurrence }: Environment): Crash {
  if (!isCrashPoint(point) && point !== WHILE_PLANNING) throw new Error(`CRASH_POINT is none: ${point}`);
  return { point, occurrence: Number(occurrence) };
}

function isCrashPoint(name: string): name is CrashPoint {
  return Object.hasOwn(CRASH_POINTS, name);
}
