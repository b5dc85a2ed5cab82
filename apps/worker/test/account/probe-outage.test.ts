import type { FlavourName } from '@linkhaul/client';
import type { OutageReason } from '@linkhaul/jobs';
import { expect, it } from 'vitest';
import { probeOutage } from '../../src/account/probe-outage.js';
import { pausedFor, runningJob, startAccount, statuses } from './open-paused-account.js';

it('resumes every job when there is money for a call, and not before', async () => {
  const told = { balance: 0.024, status: 200 };
  const account = await startAccount(told);
  const jobs = await pausedFor(account, 'upstream_funds');
  await probeOutage(account.services);
  expect(account.asked()).toBe(0);

  await account.due();
  await probeOutage(account.services);
  expect(account.asked()).toBe(1);
  expect(await statuses(account, jobs)).toEqual(['paused', 'paused', 'paused']);

  told.balance = 1;
  await account.due();
  await probeOutage(account.services);
  expect(await statuses(account, jobs)).toEqual(['running', 'running', 'running']);
});

it('probes after growing waits while the credentials are refused', async () => {
  const account = await startAccount({ balance: 1, status: 401 });
  const jobs = await pausedFor(account, 'upstream_auth');
  const waits: number[] = [];
  for (let probes = 1; probes <= 3; probes++) {
    await account.due();
    await probeOutage(account.services);
    expect(account.asked()).toBe(probes);
    waits.push(await account.waitMs());
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(await statuses(account, jobs)).toEqual(['paused', 'paused', 'paused']);
});

it.each<[OutageReason, FlavourName]>([
  ['upstream_daily_limit', 'dataforseo'],
  ['upstream_funds', 'aisa'],
])('at %s of %s tries one job, and goes on with all when its call is answered', async (reason, flavour) => {
  const account = await startAccount({ balance: 1, status: 200 }, flavour);
  const jobs = await pausedFor(account, reason);
  await account.due();
  await probeOutage(account.services);
  const tried = await statuses(account, jobs);
  expect(tried.filter((status) => status === 'running')).toHaveLength(1);

  await probeOutage(account.services);
  expect(await statuses(account, jobs)).toEqual(tried);
  await account.answered();
  await probeOutage(account.services);
  expect(await statuses(account, jobs)).toEqual(['running', 'running', 'running']);
  expect(await account.services.outage.claimProbe()).toEqual({ kind: 'none' });
});

it('does not resume a job that a user has paused', async () => {
  const account = await startAccount({ balance: 1, status: 200 });
  const [first, second, third] = await pausedFor(account, 'upstream_funds');
  if (first === undefined || second === undefined || third === undefined) throw new Error('no jobs');
  await account.services.jobSteps.act(second, { action: 'pause', by: 'tenant', reason: 'user' });
  await account.due();
  await probeOutage(account.services);
  expect(await statuses(account, [first, second, third])).toEqual(['running', 'paused', 'running']);
});

it('does not resume jobs of a changed endpoint: the account does not show whether answers can be read', async () => {
  const account = await startAccount({ balance: 1, status: 200 });
  const changed = await runningJob(account);
  await account.services.jobSteps.act(changed, { action: 'pause', by: 'system', reason: 'upstream_changed' });
  const jobs = await pausedFor(account, 'upstream_funds');
  await account.due();
  await probeOutage(account.services);
  await account.answered();
  await probeOutage(account.services);
  expect(await statuses(account, [changed, ...jobs])).toEqual(['paused', 'running', 'running', 'running']);
  expect(await account.services.store.get(changed)).toMatchObject({ reason: 'upstream_changed' });
});

it('is done by one worker at a time', async () => {
  const account = await startAccount({ balance: 0, status: 200 });
  await pausedFor(account, 'upstream_funds');
  await account.due();
  await Promise.all([probeOutage(account.services), probeOutage(account.services), probeOutage(account.services)]);
  expect(account.asked()).toBe(1);
});
