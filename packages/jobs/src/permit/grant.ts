import type { Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import type { NamedAttempt } from '../call/settlement.js';
import { jsonOf } from '../redis/replies.js';
import type { NamedWanted } from '../reuse/reuse-index.js';
import { script } from '../scripts.js';

export type Grant =
  | {
      readonly granted: true;
      readonly sentAt: number;
      readonly failures: number;
      readonly unsent: number;
      /** The most items that the call may ask for. Fewer than requested if there is no money for more. */
      readonly items: number;
      /** Part of the tag that is sent. A grant that is given again has the same nonce. */
      readonly nonce: string;
      readonly lease: string;
      fresh(): boolean;
      /**
       * The time on Redis' clock, computed from the time since the grant: this machine's clock may be wrong by minutes.
       */
      redisNow(): number;
    }
  /** With `unchecked` comes `epoch`: ask storage for the attempt's answer, then ask for the grant once more. */
  | { readonly granted: false; readonly why: string; readonly epoch?: string };

/** The arguments of every script that includes permit/permit.lua. */
export interface PermitArguments {
  readonly account: string;
  readonly worker: string;
  readonly run_id: string;
  readonly slots: number;
  readonly interval_us: number;
  readonly lease_us: number;
}

interface GrantArguments extends PermitArguments, NamedAttempt {
  readonly rows: number;
  readonly dispatch: string | undefined;
  readonly more: boolean;
  readonly money: {
    readonly most: number;
    readonly least: number;
    readonly call: Nanos;
    readonly item: Nanos;
    readonly daily: Nanos | undefined;
  };
  readonly nonce: string;
  readonly checked: string | undefined;
  readonly wanted: NamedWanted | undefined;
}

const whole = z.coerce.number();

/** `age_ms`: since the send time; negative until then. `is_queued`: the worker waits in the queue for another slot. */
const permitted = { kind: z.literal('granted'), age_ms: z.number(), is_queued: z.boolean() };
const waiting = z.object({ kind: z.literal('wait'), ms: z.number(), reason: z.string() });

export const grantScript = script<GrantArguments>()(
  'permit/grant',
  jsonOf(
    z.discriminatedUnion('kind', [
      z.object({
        ...permitted,
        sent_at: whole,
        failures: whole.default(0),
        unsent: whole.default(0),
        items: whole,
        reserve: whole,
        nonce: z.string(),
      }),
      waiting,
      z.object({ kind: z.literal('refused'), why: z.string(), epoch: z.string().optional() }),
    ]),
  ),
);

export const lookUpScript = script<PermitArguments & { lease: string; more: boolean }>()(
  'permit/look_up',
  jsonOf(z.discriminatedUnion('kind', [z.object(permitted), waiting])),
);

export type GrantReply = ReturnType<typeof grantScript.parse>;
type GrantedReply = Extract<GrantReply, { kind: 'granted' }>;

/** An older grant is not used: the upstream's rolling minute holds only if requests are sent on time. */
const STALE_MS = 800;

export function grantFrom(
  reply: Exclude<GrantReply, { kind: 'wait' }>,
  at: { readonly lease: string; readonly askedAt: number },
): Grant {
  return reply.kind === 'granted' ? granted(reply, at) : refused(reply);
}

function refused({ why, epoch }: Extract<GrantReply, { kind: 'refused' }>): Grant {
  return { granted: false, why, ...(epoch !== undefined && { epoch }) };
}

function granted(reply: GrantedReply, { lease, askedAt }: { readonly lease: string; readonly askedAt: number }): Grant {
  const { sent_at: sentAt, age_ms: ageMs, failures, unsent, items, nonce } = reply;
  const since = askedAt - ageMs;
  return {
    granted: true,
    ...{ sentAt, failures, unsent, items, nonce, lease },
    fresh: () => performance.now() - since < STALE_MS,
    redisNow: () => Math.round(sentAt + performance.now() - since),
  };
}
