import type { DeliveryAttempt, DeliveryError } from '@linkhaul/schemas';

const ERROR_WORDS: Readonly<Record<DeliveryError, string>> = {
  no_address: 'The host has no address that is allowed',
  connection_refused: 'Nothing listens there',
  connection_failed: 'The connection could not be made, or broke',
  tls: 'The certificate is not valid for this host',
  timeout: 'No answer within 15 s',
};

/** The receiver's answer, or why there was none. */
export function receiverWords({ status, error }: Pick<DeliveryAttempt, 'status' | 'error'>): string {
  if (error !== null) return ERROR_WORDS[error];
  return status === null ? 'No answer' : `Answered ${status}`;
}

/** A receiver accepts a webhook by any status from 200 to 299. */
export function isTaken({ status }: Pick<DeliveryAttempt, 'status'>): boolean {
  return status !== null && status >= 200 && status < 300;
}
