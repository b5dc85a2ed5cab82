import { setTimeout as sleep } from 'node:timers/promises';
import type { Nanos } from '@linkhaul/schemas';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { callName, jobName, type Keys } from '../keys.js';
import type { Attempt } from '../ledger.js';
import type { RunScript, ScriptName } from '../scripts.js';
import { listenInLine } from './account-line.js';
import { callReply, type Grant, grantFrom, lookUpReply } from './grant.js';
import { createOpenLeases, type OpenLease, type OpenLeases } from './open-leases.js';
import { watchRunId } from './redis-run.js';
import { sendInterval } from './send-interval.js';
import { createWaitingLine } from './waiting-line.js';

/** What the upstream allows an account, over all its workers. */
export interface AccountLimits {
  readonly maxPerMinute: number;
  readonly maxInFlight: number;
  /** How long a lease stands when nobody ends it: the upstream may still be at the request. */
  readonly leaseMs: number;
}

interface GrantRequest extends Attempt {
  readonly rows: number;
  readonly reserve: Nanos;
}

/** Which of its limits the upstream says was met. */
export type LimitMet = 'rate' | 'in_flight' | 'too_many';

/** Leave to send, one request at a time. Every request to the upstream's host needs one. */
export interface Permits {
  /** To be called before the first grant, where nothing of the account was ever in flight; else it changes nothing. */
  firstBoot(): Promise<void>;
  /** Waits until the call may be sent now, and marks it `sending`; refused when the call or its job is not to be sent. */
  grant(request: GrantRequest, signal: AbortSignal): Promise<Grant>;
  /** Leave for a request that is no call. Look-ups go before calls in the queue. The lease to release. */
  lookUp(id: string, signal: AbortSignal): Promise<string>;
  release(lease: string): Promise<void>;
  /** A grant that was not used, because it came too late or the process stops. */
  giveBack(at: Attempt): Promise<{ last: boolean }>;
  /** The whole account waits, in every worker; a longer wait is never made shorter. */
  slow(ms: number, met: LimitMet): Promise<void>;
}

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

  // Waited for outside the line: a minute's wait for a look-up must not hold up the calls behind it.
  const lookUpTurn = async (id: string, signal: AbortSignal): Promise<void> => {
    for (;;) {
      const turn = turnForm.parse(await options.run('look_up_turn', account, id));
      if (turn[0] !== 'wait') return;
      await sleep(Number(turn[1]), undefined, { signal });
    }
  };

  return {
    async firstBoot() {
      await run('first_boot');
    },
    grant: (request, signal) =>
      new Promise((resolve, reject) => {
        const { job, call, attempt, rows, reserve, dispatch = '' } = request;
        const lease = `${callName(request)}.${attempt}`;
        queue.push({
          signal,
          fail: reject,
          ask: async (more) => {
            const reply = callReply(
              await run('grant', jobName(job), call, attempt, rows, reserve, dispatch, Number(more)),
            );
            if (reply.kind === 'granted') held.add({ lease, call: { ...request, sentAt: Number(reply.fields[0]) } });
            return reply;
          },
          settle: (reply, askedAt) => resolve(grantFrom(reply, { lease, askedAt })),
        });
      }),
    async lookUp(id, signal) {
      await lookUpTurn(id, signal);
      return new Promise((resolve, reject) => {
        const lease = `look-up:${id}`;
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
    },
    async release(lease) {
      held.remove(lease);
      await run('release', lease);
    },
    async giveBack(at) {
      held.remove(`${callName(at)}.${at.attempt}`);
      const [, last] = givenBack.parse(await run('give_back', jobName(at.job), at.call, at.attempt));
      return { last: last === 1 };
    },
    async slow(ms, met) {
      await run('slow', Math.max(1, Math.ceil(ms)), met);
    },
  };
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

function fieldsOf({ lease, call }: OpenLease): (string | number)[] {
  if (call === null) return [lease, '', '', '', '', '', ''];
  return [lease, jobName(call.job), call.call, call.attempt, call.sentAt, call.rows, call.reserve];
}
