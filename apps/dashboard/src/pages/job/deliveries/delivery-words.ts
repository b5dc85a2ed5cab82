import type { DeliveryError, DeliveryEventName, DeliveryState } from '@linkhaul/schemas';

export const EVENT_WORDS: Readonly<Record<DeliveryEventName, string>> = {
  'job.completed': 'Completed',
  'job.failed': 'Failed',
  'job.paused': 'Paused',
  'job.resumed': 'Resumed',
  'job.cancelled': 'Cancelled',
  'account.paused': 'Account paused',
  'watch.finished': 'A run of a watch finished',
  'watch.alert': 'An alert of a watch',
  'watch.skipped': 'A run of a watch was skipped',
  'task.pingback': 'Pingback of a task',
  'task.postback': 'Postback of a task',
  'account.resumed': 'Account resumed',
};

export const DELIVERY_WORDS: Readonly<Record<DeliveryState, string>> = {
  pending: 'On its way',
  delivered: 'Delivered',
  failed: 'Given up',
};

export const DELIVERY_TONES: Readonly<Record<DeliveryState, string>> = {
  pending: 'live',
  delivered: 'ok',
  failed: 'failed',
};

export const DELIVERY_ERROR_WORDS: Readonly<Record<DeliveryError, string>> = {
  no_address: 'The host has no address, or a private one',
  connection_refused: 'Nothing listens at that address',
  connection_failed: 'The connection broke, or could not be made',
  tls: 'The certificate is not valid for this host',
  timeout: 'No answer within 15 s',
};
