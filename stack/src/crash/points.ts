import type { Environment } from '../env.js';

/** Where a worker can be made to die, in the order in which a call comes by. */
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

/** The first calls of a plan are let go, and later ones are not stored: a job comes by, and no call. */
export const WHILE_PLANNING = 'while_planning';

export interface Crash {
  readonly point: CrashPoint | typeof WHILE_PLANNING;
  /** It dies when so many attempts (where jobs come by: jobs) have come there, from 1 on. */
  readonly occurrence: number;
}

/** What was at the point when its worker died. */
export interface CrashedAt {
  readonly job: string;
  /** Null at a point that a job comes by, not a call. */
  readonly attempt: { readonly call: number; readonly number: number } | null;
}

/** What tells the watch in a worker's process where to die. No app knows these variables. */
export function crashEnv({ point, occurrence }: Crash): Environment {
  return { CRASH_POINT: point, CRASH_OCCURRENCE: String(occurrence) };
}

/** Throws where the environment names no point. */
export function crashFrom({ CRASH_POINT: point = '', CRASH_OCCURRENCE: occurrence }: Environment): Crash {
  if (!isCrashPoint(point) && point !== WHILE_PLANNING) throw new Error(`CRASH_POINT is none: ${point}`);
  return { point, occurrence: Number(occurrence) };
}

function isCrashPoint(name: string): name is CrashPoint {
  return Object.hasOwn(CRASH_POINTS, name);
}
