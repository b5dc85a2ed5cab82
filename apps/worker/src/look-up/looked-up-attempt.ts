import type { Attempt, CallRef } from '@linkhaul/jobs';
import type { EndpointName } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import type { RecordFinding } from './attempt-fate.js';

/** An attempt to be looked up, with what identifies it in the upstream's record. */
export interface LookedUpAttempt extends CallRef {
  readonly tag: string;
  readonly sentAt: number;
  readonly endpoint: EndpointName;
}

/** An attempt to be looked up, and the function that decides it once the record has been read. */
export interface PendingLookUp extends LookedUpAttempt {
  decide(finding: RecordFinding): Promise<void>;
}

/** An attempt that may have been executed, and whose answer is not in storage. */
export interface UnknownCall extends Attempt, LookedUpAttempt {
  readonly nonce: string | null;
  readonly failures: number;
  readonly losses: number;
  readonly deaths: number;
  readonly orphan: boolean;
  /** Its answer was stored, but cannot be read at all. */
  readonly isDamaged: boolean;
}

export type LookUpServices = Pick<
  Services,
  | 'account'
  | 'calls'
  | 'changedEndpoints'
  | 'dispatcher'
  | 'draining'
  | 'env'
  | 'ledger'
  | 'logger'
  | 'metrics'
  | 'permits'
  | 'prices'
  | 'questions'
  | 'queues'
  | 'reuse'
  | 'source'
  | 'stopping'
  | 'storage'
  | 'recordLock'
  | 'workerReports'
  | 'unpriced'
  | 'upstream'
>;
