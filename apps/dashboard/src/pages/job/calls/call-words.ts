import type { CallAttempt, CallStatus } from '@linkhaul/schemas';

export const CALL_STATUS_WORDS: Readonly<Record<CallStatus, string>> = {
  planned: 'Planned',
  sending: 'In flight',
  stored: 'Done',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** The colour of a call's state, as the name of a badge's colour. */
export const CALL_TONES: Readonly<Record<CallStatus, string>> = {
  planned: 'pending',
  sending: 'live',
  stored: 'ok',
  failed: 'failed',
  unknown: 'invalid',
};

/** How long an attempt took, in milliseconds; null if it has no answer. */
export function tookMs({ sent_at, answered_at }: CallAttempt): number | null {
  return sent_at === null || answered_at === null ? null : Date.parse(answered_at) - Date.parse(sent_at);
}
