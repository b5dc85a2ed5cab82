import type { UpstreamReply } from '@linkhaul/client';
import type { Attempt } from '@linkhaul/jobs';
import type { PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Decision } from '../classify/classify-reply.js';
import type { Copies } from '../reuse/copy.js';

/** An attempt whose request was sent. */
export interface SentAttempt extends Attempt {
  readonly tag: string;
  /** Part of the tag: it differs each time the attempt is granted. */
  readonly nonce: string;
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
  /** The targets that are copied from stored answers; null if the job reuses nothing. */
  readonly copies: Copies | null;
  readonly sentAt: number;
  /** The most items that the request may ask for. */
  readonly items: number;
  /** The token of the requested page; null if the page is requested by offset. */
  readonly pageToken: string | null;
  /** Failed attempts of the call before this one. */
  readonly failures: number;
  /** Attempts just before this one, in a row, that could not be sent. */
  readonly unsent: number;
}

/** A reply, and what Linkhaul decided to do about it. */
export interface JudgedReply {
  readonly reply: UpstreamReply;
  readonly decision: Decision;
  readonly answeredAt: number;
}
