import type { Hint } from '@linkhaul/jobs';
import type { Endpoint } from '@linkhaul/schemas';
import type { Answer, PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';

export type CopyServices = Pick<Services, 'reuse' | 'questions' | 'source' | 'storage' | 'calls' | 'prices'>;

/** What a stored answer has to be, to be used. */
export interface Wish {
  readonly endpoint: Endpoint;
  /** ms since the epoch: an answer that was fetched before is too old. */
  readonly notBefore: number;
  /** Whether the data of the upstream is simulated now. */
  readonly simulated: boolean;
  /** The most items of a list. */
  readonly maxItems: number;
  /** The copies are to be given in the vendor's form: with the other fields of their result. */
  readonly wantsHead: boolean;
}

/** A stored answer, and the call that it is of. */
export interface Source {
  readonly hint: Hint;
  readonly planned: PlannedJob;
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

export function isUsable({ header }: Answer, { notBefore, simulated }: Wish): boolean {
  return header.answeredAt >= notBefore && header.simulated === simulated;
}
