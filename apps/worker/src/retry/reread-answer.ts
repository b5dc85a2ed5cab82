import type { UpstreamReply } from '@linkhaul/client';
import { attemptTag, itemLimit } from '@linkhaul/jobs';
import { type Endpoint, endpointOf, jsonOf, readEnvelope } from '@linkhaul/schemas';
import { type Answer, type AnswerOutcome, isCopied, type JobRef, type PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { classify, type Decision } from '../classify/classify-reply.js';
import { bulkOutcome, emptyBulk } from '../outcome/bulk-outcome.js';
import { listOutcome, pageRequest } from '../outcome/list-outcome.js';
import { withCopied } from '../reuse/copy.js';

/** A call whose answer could not be read when it arrived. */
interface KeptCall {
  readonly job: JobRef;
  readonly planned: PlannedJob;
  readonly answer: Answer;
  /** With what their rows already have. */
  readonly targets: readonly PlannedTarget[];
}

/** An answer that can be read now. */
export interface RereadAnswer {
  readonly outcome: AnswerOutcome;
  readonly statusCode: number | null;
  readonly task: number;
}

/**
 * Reads a kept answer as if it had just arrived. Null if it still cannot be read, or is a page after which more pages would have
 * to be bought.
 */
export async function rereadAnswer(call: KeptCall): Promise<RereadAnswer | null> {
  const { job, planned, answer, targets } = call;
  const { header } = answer;
  const reply = replyOf(answer, await answer.body());
  if (reply === null) return null;
  const endpoint = endpointOf(planned.description.endpoint);
  const { call: number, attempt, nonce = null } = header;
  const tag = attemptTag({ jobId: job.id, call: number, attempt, nonce });
  const [first] = targets;
  const offset = (first?.before?.items ?? 0) + (first?.before?.strays ?? 0);
  const bought = targets.filter((_, at) => !isCopied(header.copied, at));
  const decision = classify(reply, { tag, targets: bought.map(({ target }) => target), endpoint, offset });
  if (decision.action !== 'ok' && decision.action !== 'empty') return null;
  const outcome = outcomeOf(decision, { endpoint, call });
  if (outcome.kind === 'failed' || (outcome.kind === 'list' && outcome.status === null)) return null;
  return { outcome, statusCode: decision.facts.statusCode, task: decision.facts.task };
}

function replyOf({ header }: Answer, body: Buffer): UpstreamReply | null {
  const envelope = envelopeOf(body);
  if (envelope === null) return null;
  const headers = { date: null, retryAfterMs: null, simulated: header.simulated ?? false, requestId: null };
  return { kind: 'answer', httpStatus: header.httpStatus ?? 200, envelope, body, packed: null, headers };
}

function envelopeOf(body: Buffer) {
  try {
    return readEnvelope(jsonOf(body.toString('utf8')));
  } catch {
    return null;
  }
}

type Understood = Extract<Decision, { action: 'ok' | 'empty' | 'fail' | 'split' | 'stop' | 'retry' }>;

function outcomeOf(decision: Understood, { endpoint, call }: { endpoint: Endpoint; call: KeptCall }): AnswerOutcome {
  const { targets, planned, answer } = call;
  const { elements = [], totalCount = null } = decision.action === 'ok' ? decision.items : {};
  const at = { call: answer.header.call, targets };
  if (endpoint.kind === 'bulk') {
    const outcome = decision.action === 'ok' ? bulkOutcome(endpoint, at, elements) : emptyBulk(at);
    const { copied } = answer.header;
    return copied === undefined ? outcome : withCopied(outcome, copied, elements.length);
  }
  const { description, plan } = planned;
  const maxItems = itemLimit(endpoint, description, plan.roots);
  const earlier = targets[0]?.before ?? { items: 0, cost: 0 };
  const page = pageRequest(endpoint, { number: 0, from: earlier.items + (earlier.strays ?? 0), maxItems });
  // The page's cost is 0 here, because it is already part of what the row has.
  return listOutcome(endpoint, {
    number: 0,
    planned: page,
    limit: page.limit,
    maxItems,
    elements,
    totalCount,
    token: null,
    cost: 0,
    earlier,
  });
}
