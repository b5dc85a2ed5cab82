import { setTimeout as sleep } from 'node:timers/promises';
import type { Nanos } from '@linkhaul/schemas';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { callName, jobName, type Keys } from './keys.js';
import type { Attempt } from './ledger.js';
import type { RunScript } from './scripts.js';
import { createWaitingLine, type Reply } from './waiting-line.js';

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

export type Grant =
  | {
      readonly granted: true;
      readonly sentAt: number;
      readonly failures: number;
      readonly unsent: number;
      readonly lease: string;
      fresh(): boolean;
    }
  | { readonly granted: false; readonly why: string };

/** Leave to send, one request at a time. Every request to the upstream's host needs one. */
export interface Permits {
  /** Waits until the call may be sent now, and marks it `sending`; refused when the call or its job is not to be sent. */
  grant(request: GrantRequest, signal: AbortSignal): Promise<Grant>;
  /** Leave for a request that is no call. Look-ups go before calls in the queue. The lease to release. */
  lookUp(id: string, signal: AbortSignal): Promise<string>;
  release(lease: string): Promise<void>;
  /** A grant that was not used, because it came too late or the process stops. */
  giveBack(at: Attempt): Promise<{ last: boolean }>;
  /** The whole account waits, in every worker; a longer pause is never made shorter. */
  pause(ms: number): Promise<void>;
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

/** A grant older than this is not used: the rolling minute at the upstream counts on sends being on time. */
const STALE_MS = 800;
const BURST_MS = 100;
/** Largest spread allowed between a grant and the arrival at the upstream. */
const JITTER_MS = 1000;

const givenBack = z.tuple([z.string(), z.coerce.number()]);

const replyForm = z.tuple([z.enum(['granted', 'refused', 'wait'])]).rest(z.string());

/**
 * Milliseconds between two sends so that any rolling minute at the upstream holds at most N arrivals: a window W holds
 * at most floor((W + burst + jitter) / T) + 1 of them, so T = (60000 + burst + jitter) / (N - 1).
 */
export function sendInterval(maxPerMinute: number): number {
  return (60_000 + BURST_MS + JITTER_MS) / Math.max(1, maxPerMinute - 1);
}

/** One queue and one loop a process: whoever is at its head asks, the others wait for their turn. */
export function createPermits(options: PermitOptions): Permits {
  const { redis, run, keys, account, worker, limits } = options;
  const limitArgs = [
    limits.maxInFlight,
    Math.ceil(sendInterval(limits.maxPerMinute) * 1000),
    BURST_MS * 1000,
    limits.leaseMs * 1000,
  ];
  // Waited for outside the line: a minute's wait for a look-up must not hold up the calls behind it.
  const lookUpTurn = async (id: string, signal: AbortSignal): Promise<void> => {
    for (;;) {
      const turn = parseReply(await run('look_up_turn', account, id));
      if (turn.kind !== 'wait') return;
      await sleep(turn.ms, undefined, { signal });
    }
  };
  const queue = createWaitingLine(options.subscriber, keys.released(account));

  return {
    grant: (request, signal) =>
      new Promise((resolve, reject) => {
        const { job, call, attempt, rows, reserve, dispatch = '' } = request;
        queue.push({
          signal,
          fail: reject,
          ask: async () =>
            parseReply(
              await run('grant', account, jobName(job), call, attempt, worker, rows, reserve, ...limitArgs, dispatch),
            ),
          settle: (reply, askedAt) => resolve(grantFrom(reply, { lease: `${callName(request)}.${attempt}`, askedAt })),
        });
      }),
    async lookUp(id, signal) {
      await lookUpTurn(id, signal);
      return new Promise((resolve, reject) => {
        const lease = `look-up:${id}`;
        queue.pushFirst({
          signal,
          fail: reject,
          ask: async () => parseReply(await run('look_up', account, lease, ...limitArgs)),
          settle: () => resolve(lease),
        });
      });
    },
    async release(lease) {
      await run('release', account, lease);
    },
    async giveBack({ job, call, attempt }) {
      const [, last] = givenBack.parse(await run('give_back', account, jobName(job), call, attempt, worker));
      return { last: last === 1 };
    },
    async pause(ms) {
      const key = keys.pause(account);
      const atLeast = Math.max(1, Math.ceil(ms));
      await redis.multi().set(key, '1', 'PX', atLeast, 'NX').pexpire(key, atLeast, 'GT').exec();
    },
  };
}

function grantFrom(reply: Exclude<Reply, { kind: 'wait' }>, at: { lease: string; askedAt: number }): Grant {
  if (reply.kind === 'refused') return { granted: false, why: reply.why };
  const [sentAt = '0', failures = '0', age = '0', unsent = '0'] = reply.fields;
  const since = at.askedAt - Number(age);
  return {
    granted: true,
    sentAt: Number(sentAt),
    failures: Number(failures),
    unsent: Number(unsent),
    lease: at.lease,
    fresh: () => performance.now() - since < STALE_MS,
  };
}

function parseReply(raw: unknown): Reply {
  const [kind, ...fields] = replyForm.parse(raw);
  if (kind === 'granted') return { kind, fields };
  if (kind === 'refused') return { kind, why: fields[0] ?? '' };
  return { kind, ms: Number(fields[0]), reason: fields[1] ?? '' };
}
