import type { AccountReply } from '@linkhaul/client';
import type { OutageReason } from '@linkhaul/jobs';
import { expect, it } from 'vitest';
import { probeVerdict } from '../../src/classify/probe-verdict.js';

const least = 24_036_000;
const account = (balance: number | null): AccountReply => ({
  kind: 'account',
  balance,
  prices: {},
  simulated: true,
  origin: null,
});

it.each<[OutageReason, AccountReply, string]>([
  ['upstream_auth', account(null), 'over'],
  ['upstream_down', account(0), 'over'],
  ['upstream_funds', account(least), 'over'],
  ['upstream_funds', account(least - 1), 'stands'],
  ['upstream_funds', account(null), 'perhaps'],
  ['upstream_daily_limit', account(least), 'perhaps'],
  ['upstream_blocked', account(least), 'perhaps'],
  ['upstream_blocked', { kind: 'failed', reason: '40201', ended: true }, 'stands'],
  ['upstream_auth', { kind: 'failed', reason: 'HTTP 401', ended: true }, 'stands'],
  ['upstream_funds', { kind: 'no_account' }, 'perhaps'],
])('%s after %o: %s', (reason, reply, verdict) => {
  expect(probeVerdict(reply, { reason, least })).toBe(verdict);
});
