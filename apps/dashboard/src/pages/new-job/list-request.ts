import type { EstimateTextOptions, SubmissionFields } from '@linkhaul/client/browser';

/** Everything that is sent to the service, for an estimate and for the job. */
export interface ListRequest {
  readonly list: Blob;
  readonly fields: SubmissionFields;
  readonly form: EstimateTextOptions;
}
