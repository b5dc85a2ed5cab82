import { randomBytes } from 'node:crypto';

/** `job_`, its time in base 36, so that ids sort by age, then 80 random bits in hex. */
export function newJobId(now: number): string {
  return `job_${now.toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;
}

/** The id of a list that a watch keeps. Its rows lie in storage where those of a job with this id would. */
export function newListId(now: number): string {
  return newJobId(now).replace('job_', 'list_');
}

/** Whether text has the form of a job's id; there need be no such job. */
export function isJobId(text: string): boolean {
  return /^job_[0-9a-z]{9}[0-9a-f]{20}$/.test(text);
}

/** One request of an attempt, as its tag names it. */
interface Sending {
  readonly jobId: string;
  readonly call: number;
  readonly attempt: number;
  /**
   * Made with the grant: if Redis has lost a grant, its attempt may be sent again with another nonce. Null in tags of
   * earlier versions.
   */
  readonly nonce: string | null;
}

/**
 * The tag that one request sends to the upstream, so that the upstream's record can be searched for it, such as
 * `job_0mdkc3v2h….7.2.5f0c11ae`. At most 255 characters.
 */
export function attemptTag({ jobId, call, attempt, nonce }: Sending): string {
  return `${jobId}.${call}.${attempt}${nonce === null ? '' : `.${nonce}`}`;
}

const TAG = /^(job_[0-9a-z]{9}[0-9a-f]{20})\.([1-9]\d{0,14})\.([1-9]\d{0,8})(?:\.([0-9a-f]{8}))?$/;

/** Parses a tag of `attemptTag`. Null for any other tag. */
export function sendingOf(tag: string): Sending | null {
  const [, jobId, call, attempt, nonce = null] = TAG.exec(tag) ?? [];
  return jobId === undefined ? null : { jobId, call: Number(call), attempt: Number(attempt), nonce };
}

export function newNonce(): string {
  return randomBytes(4).toString('hex');
}
