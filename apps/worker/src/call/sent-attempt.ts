import type { UpstreamReply } from '@linkhaul/client';
import type { Attempt } from '@linkhaul/jobs';
import type { PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Decision } from '../classify/classify-reply.js';

/** An attempt whose request has left. */
export interface SentCall extends Attempt {
  readonly tag: string;
  /** Of this sending: part of its tag. */
  readonly nonce: string;
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
  readonly sentAt: number;
  /** The most items that it may ask for. */
  readonly items: number;
  /** Failures of this call before this attempt. */
  readonly failures: number;
  /** Attempts in a row that could not be sent, before this one. */
  readonly unsent: number;
}

export interface Judged {
  readonly reply: UpstreamReply;
  readonly decision: Decision;
  readonly answeredAt: number;
}
