import type { Binding, JobStatus, PauseReason, RowStatus } from '@linkhaul/schemas';

export const STATUS_WORDS: Readonly<Record<JobStatus, string>> = {
  queued: 'Queued',
  planning: 'Planning',
  running: 'Running',
  paused: 'Paused',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** The outcomes of rows, in the order of bars and legends. */
export const ROW_OUTCOMES: readonly Exclude<RowStatus, 'pending'>[] = ['ok', 'empty', 'failed', 'invalid', 'skipped'];

export const OUTCOME_WORDS: Readonly<Record<RowStatus, string>> = {
  pending: 'Pending',
  ok: 'Ok',
  empty: 'Empty',
  failed: 'Failed',
  invalid: 'Invalid',
  skipped: 'Skipped',
};

export const BINDING_WORDS: Readonly<Record<Binding, string>> = {
  upstream_in_flight: "The account's open requests are all in use",
  upstream_rate: "The account's requests per minute are all in use",
  upstream_pause: 'The upstream is paused',
  look_ups: "Waiting for the upstream's record",
  budget: 'Waiting for money that other calls hold',
  storage: 'Storage cannot be used',
  no_workers: 'No worker is alive',
  workers: 'The workers are all busy',
  turn: "Other jobs' calls go first",
};

const PAUSE_WORDS: Readonly<Record<PauseReason, string>> = {
  user: 'Paused by hand',
  manual_start: 'Waits for its start',
  budget: 'Its budget is spent',
  tenant_budget: "The tenant's budget is spent",
  watch_budget: "The watch's budget is spent",
  deadline: 'Its deadline has passed',
  upstream_funds: "The upstream's account has no money left",
  upstream_auth: 'The upstream refuses the login',
  upstream_daily_limit: "The upstream's daily limit is reached",
  upstream_blocked: 'The upstream has blocked the account',
  upstream_down: 'The upstream is down',
  upstream_changed: "The upstream's answers could not be understood",
  storage: 'Storage cannot be used',
  recovered: 'Recovered from storage: resume it',
};

const isPauseReason = (reason: string): reason is PauseReason => Object.hasOwn(PAUSE_WORDS, reason);

/** Why a job is paused, in words. A reason without words, of a newer service, is returned unchanged. */
export function pauseWords(reason: string): string {
  return isPauseReason(reason) ? PAUSE_WORDS[reason] : reason;
}

/** Why a job failed, in words. The reason is a code, followed by the upstream's message. */
export function failureWords(reason: string): string {
  const [, said] = /^upstream_rejected: (.+)$/s.exec(reason) ?? [];
  return said === undefined ? reason : `The upstream refuses its parameters: ${said}`;
}
