import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitMet } from '@linkhaul/schemas';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Ledger } from '../call/ledger.js';
import { type NamedAttempt, named } from '../call/settlement.js';
import { newNonce } from '../job/ids.js';
import { callLease, type Keys } from '../keys.js';
import { replyOf } from '../redis/replies.js';
import { watchRunId } from '../redis/run-id.js';
import { namedWanted } from '../reuse/reuse-index.js';
import { type RunScript, script } from '../scripts.js';
import { type Grant, type GrantReply, grantFrom, grantScript, lookUpScript, type PermitArguments } from './grant.js';
import { createHeldLeases, type HeldLease, type HeldLeases } from './held-leases.js';
import { createPermitQueue } from './permit-queue.js';
import type { AccountLimits, GrantRequest, Health, Permits } from './permits.js';
import { sendInterval } from './send-interval.js';
import { listenForSlots } from './slot-queue.js';
import type { NewCall } from './waiters.js';

interface PermitOptions {
  readonly redis: Redis;
  readonly subscriber: Redis;
  readonly run: RunScript;
  readonly keys: Keys;
  readonly account: string;
  readonly worker: string;
  readonly limits: AccountLimits;
  readonly ledger: Pick<Ledger, 'repeatLately'>;
}

const firstBootScript = script<PermitArguments>()('permit/first_boot', z.string());
const markTimeScript = script<PermitArguments>()('permit/mark_time', z.enum(['ok', 'missing']));
const withdrawScript = script<{ account: string; worker: string }>()('permit/withdraw', z.string());
const leaveQueueScript = script<PermitArguments>()('permit/leave_queue', z.string());
const releaseScript = script<PermitArguments & { lease: string }>()('permit/release', z.string());
const slowScript = script<PermitArguments & { ms: number; why: LimitMet }>()('permit/slow', z.number());

const endRequestScript = script<
  PermitArguments & { lease: string; health: Health; sent_at: number; ends: boolean; chance: number }
>()('permit/end_request', z.number());

const giveBackScript = script<PermitArguments & NamedAttempt>()('permit/give_back', replyOf({ last: z.boolean() }));

interface NamedLease {
  readonly lease: string;
  readonly sent:
    | (NamedAttempt & { sent_at: number; rows: number; items: number; reserve: number; nonce: string })
    | null;
}
const reassertScript = script<PermitArguments & { held: readonly NamedLease[]; ended: readonly string[] }>()(
  'permit/reassert',
  z.string(),
);

/** The ms to wait. */
const takeLookUpScript = script<{ account: string; id: string }>()('permit/take_look_up', z.number());

export function createPermits(options: PermitOptions): Permits {
  const { redis, account, worker, limits, run, ledger } = options;
  const held = createHeldLeases(limits.leaseMs);
  /** True once Redis may wait for this worker after a change of the server. */
  let hasMarked = false;
  const runId = watchRunId(redis);
  const permit: PermitOf = async () => ({
    account,
    worker,
    run_id: await runId(),
    slots: limits.maxInFlight,
    interval_us: Math.ceil(sendInterval(limits.maxPerMinute) * 1000),
    lease_us: limits.leaseMs * 1000,
  });

  const reassert = reassertOnce(async () => {
    // Before the leases, because grants go on once all workers have reasserted those.
    await ledger.repeatLately();
    await run(reassertScript, { ...(await permit()), held: held.all().map(namedLease), ended: held.ended() });
  });
  const reopened = () => {
    // If this fails, the next `markTime` answers `missing`, and it is done then.
    if (hasMarked || held.all().length > 0) void reassert().catch(() => undefined);
  };
  const queue = queueOf(options, { permit, reopened });

  const goFirst = (lease: string, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      queue.pushFirst({
        signal,
        fail: reject,
        ask: async (more) => run(lookUpScript, { ...(await permit()), lease, more }),
        resolve: () => {
          held.add({ lease, call: null });
          resolve(lease);
        },
      });
    });

  return {
    async firstBoot() {
      await run(firstBootScript, await permit());
    },
    async markTime() {
      hasMarked = true;
      if ((await run(markTimeScript, await permit())) === 'missing') await reassert();
    },
    async withdraw() {
      await run(withdrawScript, { account, worker });
    },
    grant: (request, signal) => grantInQueue(request, { queue, held, run, permit, signal }),
    async lookUp(id, signal) {
      await waitForLookUp(options, id, signal);
      return goFirst(`look-up:${id}`, signal);
    },
    probe: (id, signal) => goFirst(`probe:${id}`, signal),
    async release(lease) {
      held.remove(lease);
      await run(releaseScript, { ...(await permit()), lease });
    },
    async end(lease, { health, sentAt, ended }) {
      if (ended) held.remove(lease);
      const report = { lease, health, sent_at: sentAt, ends: ended, chance: Math.random() };
      return { openings: await run(endRequestScript, { ...(await permit()), ...report }) };
    },
    async giveBack(at) {
      held.remove(callLease(at));
      return run(giveBackScript, { ...(await permit()), ...named(at) });
    },
    async slow(ms, met) {
      await run(slowScript, { ...(await permit()), ms: Math.max(1, Math.ceil(ms)), why: met });
    },
  };
}

interface Granting {
  readonly queue: ReturnType<typeof createPermitQueue>;
  readonly held: HeldLeases;
  readonly run: RunScript;
  readonly permit: PermitOf;
  readonly signal: AbortSignal;
}

function grantInQueue(request: GrantRequest, { queue, held, run, permit, signal }: Granting): Promise<Grant> {
  return new Promise((resolve, reject) => {
    const lease = callLease(request);
    const arg = grantArgument(request);
    const waiter: NewCall<GrantReply> = {
      job: request.job,
      signal,
      fail: reject,
      ask: async (more) => {
        const reply = await run(grantScript, { ...(await permit()), ...arg, more });
        if (reply.kind === 'granted') {
          const { sent_at: sentAt, items, reserve, nonce } = reply;
          held.add({ lease, call: { ...request, sentAt, items, reserve, nonce } });
        }
        return reply;
      },
      resolve: (reply, askedAt) => resolve(grantFrom(reply, { lease, askedAt })),
    };
    queue.push(waiter);
  });
}

function grantArgument(request: GrantRequest) {
  const { rows, dispatch, checkedUnder, wanted } = request;
  const { mostItems, leastItems, prices, tenantDaily } = request.money;
  return {
    ...named(request),
    rows,
    dispatch: dispatch === undefined ? undefined : String(dispatch),
    money: {
      most: mostItems,
      least: leastItems,
      call: prices.call,
      item: prices.item,
      daily: tenantDaily ?? undefined,
    },
    nonce: newNonce(),
    checked: checkedUnder,
    wanted: wanted && namedWanted(wanted),
  };
}

/** Waits outside the queue, because a look-up may wait for a minute, and calls behind it must not. */
async function waitForLookUp({ run, account }: PermitOptions, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waitMs = await run(takeLookUpScript, { account, id });
    if (waitMs === 0) return;
    await sleep(waitMs, undefined, { signal });
  }
}

type PermitOf = () => Promise<PermitArguments>;

/** Callers share a reassertion that is under way. */
function reassertOnce(reassert: () => Promise<void>): () => Promise<void> {
  let asserting: Promise<void> | null = null;
  return () => {
    asserting ??= reassert().finally(() => {
      asserting = null;
    });
    return asserting;
  };
}

/** This process's queue of waiters. */
function queueOf(options: PermitOptions, { permit, reopened }: { permit: PermitOf; reopened: () => void }) {
  const { redis, run, subscriber, keys, account, worker } = options;
  redis.on('ready', reopened);
  return createPermitQueue(
    listenForSlots({
      subscriber,
      channel: keys.wake(account),
      ownChannel: keys.wakeWorker(account, worker),
      leave: async () => {
        await run(leaveQueueScript, await permit());
      },
      reopened,
    }),
  );
}

function namedLease({ lease, call }: HeldLease): NamedLease {
  if (call === null) return { lease, sent: null };
  const { sentAt, rows, items, reserve, nonce } = call;
  return { lease, sent: { ...named(call), sent_at: sentAt, rows, items, reserve, nonce } };
}
