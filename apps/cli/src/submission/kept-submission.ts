import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileReason } from '../file-reasons.js';
import { printable } from '../render/printable.js';
import { say, type Terminal } from '../terminal.js';
import { type KeptKey, type KeptKeys, openKeptKeys } from './kept-keys.js';

/** What is remembered about the submission of one list. */
export interface KeptSubmission {
  /** The entry of an earlier command with the same list; null without one. */
  readonly before: KeptKey | null;
  /** Gives the idempotency key to send the list with: an earlier command's key, if that command did not learn its job. */
  begin(): Promise<string>;
  /** Gives a new key, whatever earlier commands did. */
  beginAgain(): Promise<string>;
  /** Remembers the job's id. */
  accepted(job: string): Promise<void>;
  /** Remembers that the user was told how the job stands. */
  said(job: string): Promise<void>;
}

interface Keeping {
  /** Null: nothing can be remembered. */
  readonly stateFolder: string | null;
  readonly fingerprint: string;
}

/** Null if nothing can be remembered, in which case the user is warned. The list is sent in any case. */
export async function keptSubmission(
  { stateFolder, fingerprint }: Keeping,
  terminal: Terminal,
): Promise<KeptSubmission | null> {
  if (stateFolder === null) return unkept('there is no home folder', terminal);
  const folder = join(stateFolder, 'submissions');
  const keys = openKeptKeys(folder);
  try {
    // Written before anything is sent, to find out whether the folder can be written.
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
  /** The folder could be written before. If that fails now, the list is sent in any case. */
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
    beginAgain: () => begun(mine.key),
    accepted: (job) => learnt(job, false),
    said: (job) => learnt(job, true),
  };
}

/** Derived from the finished job's key, so that two simultaneous commands make one new job, not two. */
function keyAfter({ key, job }: KeptKey): string {
  return createHash('sha256').update(`${key} ${job}`).digest('hex');
}
