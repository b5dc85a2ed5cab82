import { attemptTag, type UnpricedCall } from '@linkhaul/jobs';
import { type AnswerHeader, isCopied, MISSING_TARGET, readAnswer, storeCharge } from '@linkhaul/storage';
import { fateOf, type RecordFinding } from './attempt-fate.js';
import type { LookUpServices, PendingLookUp } from './looked-up-attempt.js';

/** Reads a settled call whose answer reports no cost. Null if the cost is known by now, or can never be known. */
export async function findUnpricedAnswer(at: UnpricedCall, services: LookUpServices): Promise<PendingLookUp | null> {
  const { unpriced, source, storage } = services;
  const planned = await source.job(at.job);
  const found = planned === null ? null : await readAnswer(storage, at.job, at);
  if (planned === null || found?.kind !== 'there') {
    await unpriced.giveUp(at);
    return null;
  }
  const { header } = found.answer;
  if (!header.unpriced) {
    await unpriced.confirm(at, { cost: header.cost, items: itemsOf(header) });
    return null;
  }
  const tag = attemptTag({ jobId: at.job.id, call: at.call, attempt: at.attempt, nonce: header.nonce ?? null });
  const { endpoint } = planned.description;
  const decide = (finding: RecordFinding) => decideCost(at, header, finding, services);
  return { ...at, tag, sentAt: header.sentAt, endpoint, decide };
}

/** Stores the record's cost beside the answer before counting it, so that the cost is known wherever the answer is. */
async function decideCost(
  at: UnpricedCall,
  header: AnswerHeader,
  finding: RecordFinding,
  services: LookUpServices,
): Promise<void> {
  const { calls, unpriced, storage, env, logger } = services;
  const { sentAt } = header;
  const now = await calls.now();
  const fate = fateOf({ finding, sentAt, now }, env.unknown);
  if (fate.kind === 'lost' && fate.cost !== null) {
    await storeCharge(storage, at, { cost: fate.cost, taskId: fate.taskId ?? null });
    await unpriced.confirm(at, { cost: fate.cost, items: itemsOf(header) });
    logger.info(
      { job: at.job.id, call: at.call, attempt: at.attempt, cost_nanos: fate.cost },
      "cost of a call learnt from the upstream's record",
    );
    return;
  }
  const isOver = now >= sentAt + Math.max(env.unknown.maxMs, env.unknown.lookUpAfterMs);
  if (isOver) await unpriced.giveUp(at);
  else await unpriced.lookAgainAt(at, now + env.unknown.againMs);
}

/** The number of items that the cost pays for. Null if the answer leaves targets out or was not understood. */
function itemsOf({ outcome, copied }: AnswerHeader): number | null {
  if (outcome.kind === 'list') return outcome.items + (outcome.surplus ?? 0);
  if (outcome.kind !== 'bulk' || outcome.items.includes(MISSING_TARGET)) return null;
  return outcome.items.filter((_, at) => !isCopied(copied, at)).length;
}
