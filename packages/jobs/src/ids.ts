import { randomBytes } from 'node:crypto';

/** A new job's id: its time first, so that ids sort by age, then 80 random bits. */
export function newJobId(now: number): string {
  return `job_${now.toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;
}

/** Whether text has the form of a job's id; there need be no such job. */
export function isJobId(text: string): boolean {
  return /^job_[0-9a-z]{9}[0-9a-f]{20}$/.test(text);
}

/** The tag that goes to the upstream with one attempt, by which its record can be searched. At most 255 characters. */
export function attemptTag(at: { jobId: string; call: number; attempt: number }): string {
  return `${at.jobId}.${at.call}.${at.attempt}`;
}
