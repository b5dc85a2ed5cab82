import type { UpstreamReply } from '@linkhaul/client';
import { expect, it } from 'vitest';
import { probeOutage } from '../../src/account/probe-outage.js';
import { endLease } from '../../src/call/end-lease.js';
import type { Decision } from '../../src/classify/classify-reply.js';
import { type Account, runningJob, startAccount, statuses } from '../account/open-paused-account.js';

const FIRST_OPENING = 10;
const OPENINGS = 4;

/** The send time of a request that was sent after all others. */
function end({ services }: Account, reply: UpstreamReply, decision: Decision): Promise<void> {
  return endLease({ lease: 'a call', sentAt: Date.now() + 60_000, reply, decision }, services);
}

it('pauses the jobs of an upstream that stays away, and resumes them when it answers a probe', async () => {
  const account = await startAccount({ balance: 1, status: 200 });
  const job = await runningJob(account);
  const unsent = () =>
    end(account, { kind: 'unsent', reason: 'ECONNREFUSED' }, { action: 'unsent', why: 'ECONNREFUSED' });
  for (let failures = 1; failures < FIRST_OPENING + OPENINGS - 1; failures++) await unsent();
  expect(await statuses(account, [job])).toEqual(['running']);
  await unsent();
  expect(await account.services.store.get(job)).toMatchObject({ status: 'paused', reason: 'upstream_down' });

  await account.endWait();
  await account.due();
  await probeOutage(account.services);
  expect(await account.services.store.get(job)).toMatchObject({ status: 'running', reason: null });
});

it('does not blame the upstream for a request that this process aborted', async () => {
  const account = await startAccount({ balance: 1, status: 200 });
  const stopping = AbortSignal.abort();
  const broken: UpstreamReply = {
    kind: 'unreadable',
    httpStatus: null,
    reason: 'aborted',
    headers: null,
    ended: false,
    body: null,
    isCut: false,
  };
  const stopped = { ...account, services: { ...account.services, stopping } };
  for (let calls = 0; calls < 2 * FIRST_OPENING; calls++) {
    await end(stopped, broken, { action: 'unknown', why: 'aborted', kept: null });
  }
  expect(await account.breaker()).toEqual([null, null]);
});
