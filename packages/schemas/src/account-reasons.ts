const LIMITS_MET = ['rate', 'in_flight', 'too_many'] as const;

/** Which of the account's limits the upstream says was reached. */
export type LimitMet = (typeof LIMITS_MET)[number];

/** Why the whole account waits for a time, though no job is paused: a limit was reached, or the upstream fails. */
export const WAIT_REASONS = [...LIMITS_MET, 'failing'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** Why the upstream refuses the whole account. Such an outage ends by itself, or when somebody fixes the account. */
export const OUTAGE_REASONS = [
  'upstream_funds',
  'upstream_auth',
  'upstream_daily_limit',
  'upstream_blocked',
  'upstream_down',
] as const;
export type OutageReason = (typeof OUTAGE_REASONS)[number];

export function isWaitReason(reason: string): reason is WaitReason {
  return WAIT_REASONS.some((known) => known === reason);
}

/** Whether a job that is paused for this reason goes on by itself once the account can. */
export function isOutageReason(reason: string | null): reason is OutageReason {
  return OUTAGE_REASONS.some((known) => known === reason);
}
