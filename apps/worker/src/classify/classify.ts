import type { UpstreamReply } from '@linkhaul/client';
import type { LimitMet, OutageReason } from '@linkhaul/jobs';
import { type Nanos, nanosOf, STATUS_OK, type UpstreamResult, upstreamResult } from '@linkhaul/schemas';
import { actionOf, NOT_EXECUTED } from './codes.js';
import { HTTP_STATUSES } from './http-statuses.js';

/** What an answer says of itself, where it could be read. */
interface AnswerFacts {
  readonly statusCode: number | null;
  readonly message: string;
  readonly cost: Nanos;
  readonly taskId: string | null;
}

/** What to do after one attempt. */
export type Decision =
  | { readonly action: 'ok'; readonly facts: AnswerFacts; readonly result: UpstreamResult }
  | { readonly action: 'empty' | 'fail' | 'split' | 'stop' | 'retry'; readonly facts: AnswerFacts }
  | { readonly action: 'slow'; readonly facts: AnswerFacts; readonly waitMs: number; readonly met: LimitMet }
  | { readonly action: 'wait'; readonly facts: AnswerFacts; readonly waitMs: number }
  | { readonly action: 'pause'; readonly facts: AnswerFacts; readonly reason: OutageReason }
  /** Surely nothing was executed. */
  | { readonly action: 'unsent'; readonly why: string }
  /** It may have been executed and charged. */
  | { readonly action: 'unknown'; readonly why: string };

/** Of what `Retry-After` may ask for. */
export const LONGEST_SLOW_MS = 60_000;

/** Judges one attempt's reply. `tag` is the one that was sent: an answer that echoes another is not ours. */
export function classify(reply: UpstreamReply, tag: string): Decision {
  if (reply.kind === 'unsent') return { action: 'unsent', why: reply.reason };
  const byStatus = classifyHttpStatus(reply);
  if (byStatus !== null) return byStatus;
  if (reply.kind === 'answer') return classifyAnswer(reply, tag);
  const action = reply.kind === 'gateway_error' && Object.hasOwn(NOT_EXECUTED, reply.code ?? '') ? 'unsent' : 'unknown';
  return { action, why: sentenceOf(reply) };
}

type Received = Exclude<UpstreamReply, { kind: 'unsent' }>;

/** The few HTTP statuses that speak for themselves, with or without a body. */
function classifyHttpStatus(reply: Received): Decision | null {
  const listed = HTTP_STATUSES[reply.httpStatus ?? 0];
  if (listed === undefined || (reply.kind === 'answer' && !listed.always)) return null;
  const facts = factsOf(reply);
  if (listed.does.action !== 'slow') return { ...listed.does, facts };
  const waitMs = Math.min(reply.headers?.retryAfterMs ?? listed.does.waitMs, LONGEST_SLOW_MS);
  return { ...listed.does, facts, waitMs };
}

function classifyAnswer(reply: Extract<Received, { kind: 'answer' }>, tag: string): Decision {
  const { envelope, httpStatus } = reply;
  const task = envelope.tasks?.[0] ?? null;
  const facts = factsOf(reply);
  const echoed = task?.data?.tag;
  if (typeof echoed === 'string' && echoed !== tag)
    return { action: 'unknown', why: `the answer is that of ${echoed}` };
  if (facts.statusCode === null || (facts.statusCode === STATUS_OK && (task === null || httpStatus >= 500))) {
    return { action: 'unknown', why: `HTTP ${httpStatus} with status ${envelope.status_code} and no task result` };
  }
  const asked = actionOf(facts.statusCode, facts.message);
  // A failure of the upstream's own that does not say what it cost may have been charged.
  const costIsKnown = typeof (task?.cost ?? envelope.cost) === 'number';
  if (asked.action === 'retry' && !costIsKnown) return { action: 'unknown', why: `${facts.statusCode} without a cost` };
  if (asked.action !== 'ok') return { ...asked, facts };
  return classifyResult(task?.result?.[0], facts);
}

function classifyResult(raw: unknown, facts: AnswerFacts): Decision {
  const result = upstreamResult.safeParse(raw);
  const items = result.success ? (result.data.items ?? []) : [];
  if (result.success && items.length > 0) return { action: 'ok', facts, result: result.data };
  return { action: facts.statusCode === STATUS_OK ? 'empty' : 'retry', facts };
}

/** The code that counts: the envelope's when it is not ok, else the task's. */
function factsOf(reply: Received): AnswerFacts {
  if (reply.kind !== 'answer') return { statusCode: null, message: sentenceOf(reply), cost: 0, taskId: null };
  const { envelope } = reply;
  const task = envelope.tasks?.[0] ?? null;
  const own = envelope.status_code !== STATUS_OK || task === null;
  return {
    statusCode: own ? envelope.status_code : (task.status_code ?? null),
    message: (own ? envelope.status_message : task.status_message) ?? '',
    cost: nanosOf(task?.cost ?? envelope.cost ?? 0),
    taskId: task?.id ?? null,
  };
}

function sentenceOf({ httpStatus, reason }: Exclude<Received, { kind: 'answer' }>): string {
  return httpStatus === null ? reason : `HTTP ${httpStatus}: ${reason}`;
}
