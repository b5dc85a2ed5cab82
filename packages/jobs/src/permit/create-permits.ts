import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Attempt } from '../call/settlement.js';
import { newNonce } from '../job/ids.js';
import { callLease, jobName, type Keys } from '../keys.js';
import type { RunScript, ScriptName } from '../scripts.js';
import { listenInLine } from './account-line.js';
import { callReply, type Grant, grantFrom, lookUpReply } from './grant.js';
import { createOpenLeases, type OpenLease, type OpenLeases } from './open-leases.js';
import type { AccountLimits, GrantRequest, Permits } from './permits.js';
import { watchRunId } from './redis-run.js';
import { sendInterval } from './send-interval.js';
import { createWaitingLine } from './waiting-line.js';

interface PermitOptions {
  readonly redis: Redis;
  readonly subscriber: Redis;
  readonly run: RunScript;
  readonly keys: Keys;
  readonly account: string;
  readonly worker: string;
  readonly limits: AccountLimits;
}

const turnForm = z.tuple([z.enum(['granted', 'wait'])]).rest(z.string());
const openings = z.coerce.number();
const givenBack = z.tuple([z.string(), z.coerce.number()]);

export function createPermits(options: PermitOptions): Permits {
  const { redis, account, worker, limits } = options;
  const held = createOpenLeases(limits.leaseMs);
  const runId = watchRunId(redis);
  const limitArgs = [
    limits.maxInFlight,
    Math.ceil(sendInterval(limits.maxPerMinute) * 1000),
    limits.leaseMs * 1000,
  ] as const;
  const run: Run = async (name, ...args) => options.run(name, account, worker, await runId(), ...limitArgs, ...args);

  const queue = lineOf(options, { held, run });

  const goFirst = (lease: string, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      queue.pushFirst({
        signal,
        fail: reject,
        ask: async (more) => lookUpReply(await run('look_up', lease, Number(more))),
        settle: () => {
          held.add({ lease, call: null });
          resolve(lease);
        },
      });
    });

  return {
    async firstBoot() {
      await run('first_boot');
    },
    async heard() {
      await run('heard');
    },
    grant: (request, signal) => grantInLine(request, { queue, held, run, signal }),
    async lookUp(id, signal) {
      await lookUpTurn(options, id, signal);
      return goFirst(`look-up:${id}`, signal);
    },
    probe: (id, signal) => goFirst(`probe:${id}`, signal),
    async release(lease) {
      held.remove(lease);
      await run('release', lease);
    },
    async end(lease, { health, sentAt, ended }) {
      if (ended) held.remove(lease);
      return { openings: openings.parse(await run('outcome', lease, health, sentAt, Number(ended), Math.random())) };
    },
    async giveBack(at) {
      held.remove(callLease(at));
      const [, last] = givenBack.parse(await run('give_back', jobName(at.job), at.call, at.attempt));
      return { last: last === 1 };
    },
    async slow(ms, met) {
      await run('slow', Math.max(1, Math.ceil(ms)), met);
    },
  };
}

interface Granting {
  readonly queue: ReturnType<typeof createWaitingLine>;
  readonly held: OpenLeases;
  readonly run: Run;
  readonly signal: AbortSignal;
}

function grantInLine(request: GrantRequest, { queue, held, run, signal }: Granting): Promise<Grant> {
  return new Promise((resolve, reject) => {
    const { job, call, attempt, rows, money, dispatch = '', checkedUnder = '' } = request;
    const lease = callLease(request);
    const { mostItems, leastItems, prices, tenantDaily } = money;
    const asked = [mostItems, leastItems, prices.call, prices.item, tenantDaily ?? ''] as const;
    const nonce = newNonce();
    queue.push({
      job,
      signal,
      fail: reject,
      ask: async (more) => {
        const reply = callReply(
          await run('grant', jobName(job), call, attempt, rows, dispatch, Number(more), ...asked, nonce, checkedUnder),
        );
        if (reply.kind === 'granted') held.add({ lease, call: sentCall(request, reply.fields) });
        return reply;
      },
      settle: (reply, askedAt) => resolve(grantFrom(reply, { lease, askedAt })),
    });
  });
}

/** Waited for outside the line: a minute's wait for a look-up must not hold up the calls behind it. */
async function lookUpTurn({ run, account }: PermitOptions, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const turn = turnForm.parse(await run('look_up_turn', account, id));
    if (turn[0] !== 'wait') return;
    await sleep(Number(turn[1]), undefined, { signal });
  }
}

type Run = (name: ScriptName, ...args: (string | number)[]) => Promise<unknown>;

/** This process' line of waiters, which says what it holds whenever Redis may have lost it. */
function lineOf({ redis, subscriber, keys, account, worker }: PermitOptions, own: { held: OpenLeases; run: Run }) {
  const reassert = async () => {
    const leases = own.held.all();
    if (leases.length > 0) await own.run('reassert', ...leases.flatMap(fieldsOf));
  };
  // Where it fails, Redis has gone again, and will be back again.
  const reopened = () => void reassert().catch(() => undefined);
  redis.on('ready', reopened);
  return createWaitingLine(
    listenInLine({
      subscriber,
      channel: keys.wake(account),
      worker,
      leave: async () => {
        await own.run('leave_line');
      },
      reopened,
    }),
  );
}

function sentCall(request: Attempt & { rows: number }, granted: readonly string[]): OpenLease['call'] {
  const [sentAt, , , items, reserve] = granted.map(Number);
  return { ...request, sentAt: sentAt ?? 0, items: items ?? 0, reserve: reserve ?? 0, nonce: granted[5] ?? '' };
}

function fieldsOf({ lease, call }: OpenLease): (string | number)[] {
  if (call === null) return [lease, '', '', '', '', '', '', '', ''];
  const { job, attempt, sentAt, rows, items, reserve, nonce } = call;
  return [lease, jobName(job), call.call, attempt, sentAt, rows, items, reserve, nonce];
}
