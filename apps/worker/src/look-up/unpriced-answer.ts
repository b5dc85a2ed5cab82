import { attemptTag, type UnpricedCall } from '@linkhaul/jobs';
import { type AnswerHeader, MISSING_TARGET, readAnswer, storeCharge } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { fateOf, LOOK_AGAIN_MS, type Sight } from './attempt-fate.js';
import type { Sought } from './looked-up-attempt.js';

export type Pricing = Pick<Services, 'calls' | 'unpriced' | 'source' | 'storage' | 'env' | 'logger'>;

/** A settled call whose answer does not say what it cost; null where that is known by now, or can never be. */
export async function seekCost(at: UnpricedCall, services: Pricing): Promise<Sought | null> {
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
  const decide = (sight: Sight) => decideCost(at, { header, sight }, services);
  return { ...at, tag, sentAt: header.sentAt, endpoint, decide };
}

interface SeenAnswer {
  readonly header: AnswerHeader;
  readonly sight: Sight;
}

/** The record's cost is stored beside the answer first: so it is known wherever the answer is. */
async function decideCost(at: UnpricedCall, { header, sight }: SeenAnswer, services: Pricing): Promise<void> {
  const { calls, unpriced, storage, env, logger } = services;
  const { sentAt } = header;
  const now = await calls.now();
  const fate = fateOf({ sight, sentAt, now }, env.unknown);
  if (fate.kind === 'lost' && fate.cost !== null) {
    await storeCharge(storage, at, { cost: fate.cost, taskId: fate.taskId ?? null });
    await unpriced.confirm(at, { cost: fate.cost, items: itemsOf(header) });
    logger.info({ job: at.job.id, call: at.call, attempt: at.attempt, cost_nanos: fate.cost }, 'cost learnt');
    return;
  }
  const isOver = now >= sentAt + Math.max(env.unknown.maxMs, env.unknown.lookUpAfterMs);
  if (isOver) await unpriced.giveUp(at);
  else await unpriced.lookAgainAt(at, now + LOOK_AGAIN_MS);
}

/** For how many items an answer was charged; null where it leaves targets out, or was not understood. */
function itemsOf({ outcome }: AnswerHeader): number | null {
  if (outcome.kind === 'list') return outcome.items;
  return outcome.kind === 'bulk' && outcome.items.every((at) => at !== MISSING_TARGET) ? outcome.items.length : null;
}
