import { isoTime, type RecoveryState } from '@linkhaul/jobs';
import { type RecoveryView, recovery } from '@linkhaul/schemas';

export const recoveryContents = { 'application/json': recovery };

/** A recovery as the API shows it. Null if there was none. */
export function recoveryView(state: RecoveryState | null): RecoveryView {
  if (state === null) {
    return {
      state: 'none',
      go: false,
      jobs: null,
      done: 0,
      asked_at: null,
      ended_at: null,
      failure: null,
      unreadable: [],
    };
  }
  const { askedAt, endedAt, by: _, unreadable, ...same } = state;
  return {
    ...same,
    asked_at: isoTime(askedAt),
    ended_at: endedAt === null ? null : isoTime(endedAt),
    unreadable: [...unreadable],
  };
}
