import type { UpstreamReply } from '@linkhaul/client';
import { readEnvelope } from '@linkhaul/schemas';
import type { JudgedReply, SentAttempt } from '../src/call/sent-attempt.js';
import { askedOf } from '../src/call/upstream-request.js';
import { classify } from '../src/classify/classify-reply.js';

export type AnswerReply = Extract<UpstreamReply, { kind: 'answer' }>;

export const NO_HEADERS = { date: null, retryAfterMs: null, simulated: true, requestId: null };

/** The reply with this body, as the upstream's client returns it. */
export function answerReply(json: unknown, httpStatus = 200): AnswerReply {
  const envelope = readEnvelope(json);
  if (envelope === null) throw new Error('this is no answer of the API');
  const body = Buffer.from(JSON.stringify(json));
  return { kind: 'answer', httpStatus, envelope, body, packed: null, headers: NO_HEADERS };
}

/** The answer with this body to an attempt, judged as a worker judges it. */
export function judgedAnswer(sent: SentAttempt, json: unknown, answeredAt = Date.now()): JudgedReply {
  const reply = answerReply(json);
  return { reply, decision: classify(reply, askedOf(sent)), answeredAt };
}
