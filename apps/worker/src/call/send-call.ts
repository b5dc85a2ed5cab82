import { classify, type Decision } from '../classify/classify-reply.js';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';
import { actOnDecision } from './act-on-decision.js';
import { endLease } from './end-lease.js';
import { markUnknown } from './mark-unknown.js';
import type { PreparedCall } from './prepare-call.js';
import type { JudgedReply } from './sent-attempt.js';
import { askedOf, requestFor } from './upstream-request.js';

/**
 * Sends a call and acts on the answer. If anything fails after the send, the attempt becomes unknown: a message that
 * BullMQ delivers again must not send the call again.
 */
export async function sendCall(prepared: PreparedCall, services: Services): Promise<void> {
  const { sent, grant } = prepared;
  try {
    const judged = await send(prepared, services);
    const end = () => endLease({ lease: grant.lease, sentAt: sent.sentAt, ...judged }, services);
    // The third unreadable answer stops the endpoint. Until that is done, the slot is kept, so that no further such call is sent.
    const mayStopEndpoint = judged.decision.action === 'unreadable';
    if (!mayStopEndpoint) await end();
    await actOnDecision(sent, judged, services);
    if (mayStopEndpoint) await end();
  } catch (err) {
    services.logger.error(
      { err, job: sent.job.id, call: sent.call, attempt: sent.attempt },
      'attempt failed after it was sent',
    );
    await repeatUntilDone(services, () => markUnknown(sent, services));
  }
}

async function send({ sent, grant }: PreparedCall, services: Services): Promise<JudgedReply> {
  const { upstream, logger, stopping, metrics, tracing } = services;
  const { description } = sent.planned;
  const startedAt = performance.now();
  const { endpoint } = description;
  const { reply, durationMs, decision } = await tracing.step('send', async (note) => {
    const reply = await metrics.whileSending(() => upstream.call(endpoint, requestFor(sent), stopping));
    const durationMs = performance.now() - startedAt;
    const decision = classify(reply, askedOf(sent));
    note({ 'linkhaul.endpoint': endpoint, 'linkhaul.action': decision.action });
    return { reply, durationMs, decision };
  });
  const cost = 'facts' in decision ? decision.facts.cost : null;
  metrics.called({ endpoint, action: decision.action, cost: cost ?? 0, seconds: durationMs / 1000 });
  logger.info(
    {
      job: sent.job.id,
      tenant: sent.job.tenant,
      endpoint,
      call: sent.call,
      attempt: sent.attempt,
      targets: sent.targets.length,
      action: decision.action,
      code: 'facts' in decision ? decision.facts.statusCode : null,
      why: whyOf(decision),
      cost_nanos: cost,
      duration_ms: Math.round(durationMs),
    },
    'call',
  );
  return { reply, decision, answeredAt: grant.redisNow() };
}

/** What was wrong with the answer, for the log. Null if nothing was. */
function whyOf(decision: Decision): string | null {
  if ('why' in decision) return decision.why;
  return decision.action === 'ok' || decision.action === 'empty' ? null : decision.facts.message;
}
