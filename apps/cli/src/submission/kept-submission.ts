import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileReason } from '../file-reasons.js';
import { printable } from '../render/printable.js';
import { say, type Terminal } from '../terminal.js';
import { type KeptKey, type KeptKeys, openKeptKeys } from './kept-keys.js';

/** A list's submission, as it is remembered from one command to the next. */
export interface KeptSubmission {
  /** What an earlier command with the same list has left; null where there was none. */
  readonly before: KeptKey | null;
  /** The key to send the list with: that of an earlier command which did not learn what became of it. */
  begin(): Promise<string>;
  /** Another one, whatever there was. */
  beginAnew(): Promise<string>;
  /** This job came of it. */
  accepted(job: string): Promise<void>;
  /** What there is to be known of this job was said. */
  said(job: string): Promise<void>;
}

interface Keeping {
  /** Null: nothing can be kept. */
  readonly stateFolder: string | null;
  readonly fingerprint: string;
}

/** Null, and said, where nothing can be remembered: the list is sent all the same. */
export async function keptSubmission(
  { stateFolder, fingerprint }: Keeping,
  terminal: Terminal,
): Promise<KeptSubmission | null> {
  if (stateFolder === null) return unkept('there is no home folder', terminal);
  const folder = join(stateFolder, 'submissions');
  const keys = openKeptKeys(folder);
  try {
    // Whether a new one can be written is found out before anything is sent.
    const mine = { key: randomUUID(), job: null, isSaid: false };
    const kept = await keys.begin(fingerprint, mine);
    return submissionOf(kept.key === mine.key ? null : kept, { keys, fingerprint, mine });
  } catch (error) {
    return unkept(`${printable(folder)}: ${fileReason(error)}`, terminal);
  }
}

function unkept(reason: string, terminal: Terminal): null {
  say(terminal, `This submission is not remembered (${reason}): the same command again would make another job.`);
  return null;
}

interface Opened {
  readonly keys: KeptKeys;
  readonly fingerprint: string;
  readonly mine: KeptKey;
}

function submissionOf(before: KeptKey | null, { keys, fingerprint, mine }: Opened): KeptSubmission {
  let current = before ?? mine;
  /** It was written to before: where it cannot be now, the job is worth more than its name. */
  const begun = async (key: string) => {
    if (current.key !== key) await keys.replace(fingerprint, { key, job: null, isSaid: false }).catch(() => undefined);
    current = { key, job: null, isSaid: false };
    return key;
  };
  const learnt = (job: string, isSaid: boolean) =>
    keys.update(fingerprint, { key: current.key, job, isSaid }).catch(() => undefined);
  return {
    before,
    begin: () => begun(current.job === null ? current.key : keyAfter(current)),
    beginAnew: () => begun(mine.key),
    accepted: (job) => learnt(job, false),
    said: (job) => learnt(job, true),
  };
}

/** Two commands that find the same finished job at once mean one new job, not two. */
function keyAfter({ key, job }: KeptKey): string {
  return createHash('sha256').update(`${key} ${job}`).digest('hex');
}
