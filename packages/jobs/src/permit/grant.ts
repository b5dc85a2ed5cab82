import { z } from 'zod';
import type { Reply } from './waiters.js';

export type Grant =
  | {
      readonly granted: true;
      readonly sentAt: number;
      readonly failures: number;
      readonly unsent: number;
      /** The most items that the call may ask for: fewer than were asked for, where the money pays for no more. */
      readonly items: number;
      /** A part of the tag that is sent: a grant that is given again has the same. */
      readonly nonce: string;
      readonly lease: string;
      fresh(): boolean;
      /** Redis' clock now, by the time since the grant: this machine's own may be wrong by minutes. */
      redisNow(): number;
    }
  /** `epoch`, where it is `unchecked`: storage is to be asked for the attempt's answer, and the grant once more. */
  | { readonly granted: false; readonly why: string; readonly epoch?: string };

/** A grant older than this is not used: the rolling minute at the upstream counts on sends being on time. */
const STALE_MS = 800;

export function grantFrom(reply: Exclude<Reply, { kind: 'wait' }>, at: { lease: string; askedAt: number }): Grant {
  if (reply.kind === 'refused') {
    return { granted: false, why: reply.why, ...(reply.why === 'unchecked' && { epoch: reply.detail }) };
  }
  const [sentAt = '0', failures = '0', unsent = '0', items = '0', , nonce = ''] = reply.fields;
  const since = at.askedAt - reply.ageMs;
  return {
    granted: true,
    sentAt: Number(sentAt),
    failures: Number(failures),
    unsent: Number(unsent),
    items: Number(items),
    nonce,
    lease: at.lease,
    fresh: () => performance.now() - since < STALE_MS,
    redisNow: () => Math.round(Number(sentAt) + performance.now() - since),
  };
}

const replyForm = z.tuple([z.enum(['granted', 'refused', 'wait'])]).rest(z.string());

export function callReply(raw: unknown): Reply {
  const [kind, ...fields] = replyForm.parse(raw);
  if (kind !== 'granted') return otherReply(kind, fields);
  const [sentAt = '0', failures = '0', age = '0', unsent = '0', inLine, items = '0', reserve = '0', nonce = ''] =
    fields;
  return {
    kind,
    fields: [sentAt, failures, unsent, items, reserve, nonce],
    ageMs: Number(age),
    inLine: inLine === '1',
  };
}

export function lookUpReply(raw: unknown): Reply {
  const [kind, ...fields] = replyForm.parse(raw);
  if (kind !== 'granted') return otherReply(kind, fields);
  const [age = '0', inLine] = fields;
  return { kind, fields: [], ageMs: Number(age), inLine: inLine === '1' };
}

function otherReply(kind: 'refused' | 'wait', [first = '', reason = '']: readonly string[]): Reply {
  return kind === 'refused' ? { kind, why: first, detail: reason } : { kind, ms: Number(first), reason };
}
