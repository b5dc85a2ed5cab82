import type { CallRef } from '@linkhaul/jobs';
import type { EndpointName } from '@linkhaul/schemas';
import type { Sight } from './attempt-fate.js';

/** One sending of a call, as the upstream's record has it. */
export interface SoughtCall extends CallRef {
  readonly tag: string;
  readonly sentAt: number;
  readonly endpoint: EndpointName;
}

/** A sending that is looked for in the record, and what is done when the record has been read. */
export interface Sought extends SoughtCall {
  decide(sight: Sight): Promise<void>;
}
