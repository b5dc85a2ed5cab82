import type { EstimateTextOptions, SubmissionFields } from '@linkhaul/client/browser';

/** All that the service is sent, for an estimate and for the job. */
export interface ListRequest {
  readonly list: Blob;
  readonly fields: SubmissionFields;
  readonly form: EstimateTextOptions;
}
