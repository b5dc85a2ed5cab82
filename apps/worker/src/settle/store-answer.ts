import type { UpstreamReply } from '@linkhaul/client';
import { type AnswerHeader, keepAnswer } from '@linkhaul/storage';
import type { JudgedReply, SentAttempt } from '../call/sent-attempt.js';
import { withItsCopies } from '../reuse/copy.js';
import type { Services } from '../services.js';
import { answerHeader } from './answer-header.js';
import { type AnswerVerdict, answerOutcome } from './answer-outcome.js';
import { repeatUntilDone } from './repeat-until-done.js';
import {
  type SecondAnswer,
  type SettleServices,
  settleHeader,
  settleStored,
  wasteSecondAnswer,
} from './settle-stored.js';

export type StoringServices = SettleServices &
  Pick<Services, 'worker' | 'account' | 'storageGate' | 'stopping' | 'tracing'>;

/** Stores the answer, then settles it in the ledger. If the worker dies in between, settleStored does the rest. */
export async function settleAnswer(
  sent: SentAttempt,
  judged: JudgedReply,
  verdict: AnswerVerdict,
  services: StoringServices,
): Promise<void> {
  const header = await storeAnswer(sent, judged, verdict, services);
  if (header === null) return;
  const stored = { header, planned: sent.planned, targets: sent.targets };
  await repeatUntilDone(services, () => settleHeader(sent, stored, services));
}

/**
 * Stores the whole answer, whatever it says, because its cost must be known after a crash. Null if this attempt was sent twice and
 * already has another answer: that one decides the call, and only the cost of this one is counted.
 */
export async function storeAnswer(
  sent: SentAttempt,
  judged: JudgedReply,
  verdict: AnswerVerdict,
  services: StoringServices,
): Promise<AnswerHeader | null> {
  const { storage, storageGate, worker, tracing } = services;
  const header = await repeatUntilDone(services, async () =>
    answerHeader(sent, judged, { outcome: await answerOutcome(sent, judged, verdict, services), worker }),
  );
  const answer = withItsCopies({ header, ...bytesOf(judged.reply) }, sent.copies);
  const stored = await tracing.step('store', () =>
    storageGate.guard((failed) => repeatUntilDone(services, () => keepAnswer(storage, sent.job, answer), failed)),
  );
  if (stored.kind === 'first') return stored.header;
  await repeatUntilDone(services, () => settleSecond(sent, { header, first: stored.first }, services));
  return null;
}

async function settleSecond(sent: SentAttempt, second: SecondAnswer, services: SettleServices): Promise<void> {
  await wasteSecondAnswer(sent, second, services);
  await settleStored(sent, sent.planned, services);
}

/** The bytes that arrived, readable or not. */
function bytesOf(reply: UpstreamReply): { body: Buffer; packed: Buffer | null } {
  const body = 'body' in reply && reply.body !== null ? reply.body : Buffer.alloc(0);
  return { body, packed: 'packed' in reply ? reply.packed : null };
}
