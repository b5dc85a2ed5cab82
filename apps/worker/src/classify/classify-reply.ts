import type { UpstreamReply } from '@linkhaul/client';
import type { LimitMet, OutageReason } from '@linkhaul/schemas';
import {
  type AnswerItems,
  type BodyBytes,
  type Endpoint,
  type Nanos,
  nanosOf,
  ourTask,
  readItems,
  STATUS_OK,
} from '@linkhaul/schemas';
import { HTTP_STATUSES } from './http-statuses.js';
import { actionOf, NOT_EXECUTED } from './status-codes.js';

/** The facts about a request by which its answer is recognised and read. */
export interface AskedCall {
  /** The tag that was sent. */
  readonly tag: string;
  readonly targets: readonly string[];
  readonly endpoint: Endpoint;
  /** The offset of the page; 0 for a bulk call. */
  readonly offset: number;
}

/** What an answer says about itself, as far as it could be read. */
interface AnswerFacts {
  readonly statusCode: number | null;
  readonly message: string;
  /** Null if the answer may have been charged but does not say what it cost. */
  readonly cost: Nanos | null;
  readonly taskId: string | null;
  /** The index of our task in the answer, from 0. */
  readonly task: number;
}

/** What to do after one attempt. */
export type Decision =
  | { readonly action: 'ok'; readonly facts: AnswerFacts; readonly items: AnswerItems }
  | { readonly action: 'empty' | 'fail' | 'split' | 'stop' | 'retry'; readonly facts: AnswerFacts }
  /** The answer was paid for, but its form is not understood. */
  | { readonly action: 'unreadable'; readonly facts: AnswerFacts }
  | { readonly action: 'slow'; readonly facts: AnswerFacts; readonly waitMs: number; readonly met: LimitMet }
  | { readonly action: 'wait'; readonly facts: AnswerFacts; readonly waitMs: number }
  | { readonly action: 'pause'; readonly facts: AnswerFacts; readonly reason: OutageReason }
  /** The upstream certainly executed nothing. */
  | { readonly action: 'unsent'; readonly why: string }
  /** The call may have been executed and charged. `kept`: the bytes that arrived. They are the answer if it was executed. */
  | { readonly action: 'unknown'; readonly why: string; readonly kept: BodyBytes | null };

/** The longest wait that `Retry-After` can ask for. */
export const LONGEST_SLOW_MS = 60_000;

/** Decides what to do about the reply to one attempt. */
export function classify(reply: UpstreamReply, asked: AskedCall): Decision {
  if (reply.kind === 'unsent') return { action: 'unsent', why: reply.reason };
  const byStatus = classifyHttpStatus(reply);
  if (byStatus !== null) return byStatus;
  if (reply.kind === 'answer') return classifyAnswer(reply, asked);
  if (reply.kind === 'unreadable') return classifyUnreadable(reply);
  const isUnsent = Object.hasOwn(NOT_EXECUTED, reply.code ?? '');
  return isUnsent ? { action: 'unsent', why: sentenceOf(reply) } : unknown(sentenceOf(reply));
}

type Received = Exclude<UpstreamReply, { kind: 'unsent' }>;

function unknown(why: string, kept: BodyBytes | null = null): Decision {
  return { action: 'unknown', why, kept };
}

/** Decides by the few HTTP statuses that need no body. Null for every other status. */
function classifyHttpStatus(reply: Received): Decision | null {
  const listed = HTTP_STATUSES[reply.httpStatus ?? 0];
  if (listed === undefined || (reply.kind === 'answer' && !listed.always)) return null;
  const facts = reply.kind === 'answer' ? factsOf(reply, 0) : factsWithout(reply, 0);
  if (listed.does.action !== 'slow') return { ...listed.does, facts };
  const waitMs = Math.min(reply.headers?.retryAfterMs ?? listed.does.waitMs, LONGEST_SLOW_MS);
  return { ...listed.does, facts, waitMs };
}

/** A body that is not an API answer. At HTTP 2xx it is kept: if the upstream's record shows the call, this body was paid for. */
function classifyUnreadable(reply: Extract<Received, { kind: 'unreadable' }>): Decision {
  const isSuccess = reply.httpStatus !== null && reply.httpStatus < 300;
  if (isSuccess && reply.isCut) return { action: 'unreadable', facts: factsWithout(reply, null) };
  return unknown(sentenceOf(reply), isSuccess && reply.body !== null ? { body: reply.body, packed: null } : null);
}

type AnswerReply = Extract<Received, { kind: 'answer' }>;

function classifyAnswer(reply: AnswerReply, asked: AskedCall): Decision {
  const { envelope, httpStatus } = reply;
  const at = ourTask(envelope.tasks, asked);
  if (at === -1 && envelope.tasks.length > 0) return unknown('the answer is that of another call');
  const task = envelope.tasks[at];
  const facts = factsOf(reply, Math.max(0, at));
  if (facts.statusCode === null || (facts.statusCode === STATUS_OK && (task === undefined || httpStatus >= 500))) {
    const why = `HTTP ${httpStatus} with status ${envelope.code} and no task result`;
    return unknown(why, httpStatus < 300 ? bytesOf(reply) : null);
  }
  const does = actionOf(facts.statusCode, facts.message);
  if (does.action === 'retry') return retry(facts);
  if (does.action !== 'ok') return { ...does, facts };
  const items = readItems(task?.json ?? {}, asked);
  if (items.form === 'items') return { action: 'ok', facts, items };
  if (items.form === 'unreadable') return { action: 'unreadable', facts };
  return facts.statusCode === STATUS_OK ? { action: 'empty', facts } : retry(facts);
}

function bytesOf({ body, packed }: AnswerReply): BodyBytes {
  return packed === null ? { body, packed } : { body, packed };
}

/** A failure that does not say what it cost may have been charged, so the call is unknown. */
function retry(facts: AnswerFacts): Decision {
  return facts.cost === null ? unknown(`${facts.statusCode} without a cost`) : { action: 'retry', facts };
}

/** The envelope's code counts unless it is ok; then the task's code counts. Of two costs, the larger counts. */
function factsOf({ envelope }: AnswerReply, at: number): AnswerFacts {
  const task = envelope.tasks[at];
  const own = task === undefined || (envelope.code !== null && envelope.code !== STATUS_OK);
  const charges = [task?.charge, envelope.charge].filter((charge) => typeof charge === 'number');
  return {
    statusCode: own ? envelope.code : task.code,
    message: own ? envelope.message : task.message,
    cost: charges.length === 0 ? null : nanosOf(Math.max(...charges)),
    taskId: task?.id ?? null,
    task: at,
  };
}

/** What the answer says it cost; 0 if it does not say. */
export function costOf(decision: Decision): Nanos {
  return 'facts' in decision ? (decision.facts.cost ?? 0) : 0;
}

function factsWithout(reply: Exclude<Received, { kind: 'answer' }>, cost: Nanos | null): AnswerFacts {
  return { statusCode: null, message: sentenceOf(reply), cost, taskId: null, task: 0 };
}

function sentenceOf({ httpStatus, reason }: Exclude<Received, { kind: 'answer' }>): string {
  return httpStatus === null ? reason : `HTTP ${httpStatus}: ${reason}`;
}
