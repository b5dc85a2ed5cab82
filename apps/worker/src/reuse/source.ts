import type { Hint } from '@linkhaul/jobs';
import type { Endpoint } from '@linkhaul/schemas';
import type { Answer, PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';

export type CopyServices = Pick<Services, 'reuse' | 'questions' | 'source' | 'storage' | 'calls' | 'prices'>;

/** Which stored answers can be used. */
export interface Wish {
  readonly endpoint: Endpoint;
  /** In ms since the epoch: an answer that was fetched earlier is too old. */
  readonly notBefore: number;
  /** Whether the data of the upstream is simulated now. */
  readonly simulated: boolean;
  /** The most items of a list. */
  readonly maxItems: number;
  /** Whether the job answers in the vendor's form, and needs the other fields of each result. */
  readonly wantsHead: boolean;
}

/** A stored answer and its call. */
export interface Source {
  readonly hint: Hint;
  readonly planned: PlannedJob;
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

export function isUsable({ header }: Answer, { notBefore, simulated }: Wish): boolean {
  return header.answeredAt >= notBefore && header.simulated === simulated;
}
