import type { Message } from '@linkhaul/jobs';
import { type AnswerHeader, type AnswerOutcome, EMPTY_TARGET, keepAnswer, type PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';
import { type SettleServices, settleHeader, settleStored } from '../settle/settle-stored.js';
import { type Copies, type Copy, storedCopies, withCopies } from './copy.js';

interface CopiedCall {
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
  readonly copies: Copies;
  /** When the first of them becomes too old, in ms since the epoch. */
  readonly until: number | null;
}

/**
 * Settles a call of which nothing has to be bought: its copies are stored as its answer. Each job has a copy of its own, so
 * that removing one takes nothing from another. False if they became too old before they could be stored.
 */
export async function settleCopies(
  message: Message<'call'>,
  call: CopiedCall,
  services: SettleServices & Pick<Services, 'worker' | 'stopping'>,
): Promise<boolean> {
  const now = await services.calls.now();
  const { copied, copies } = storedCopies(call.copies, 0);
  const header: AnswerHeader = {
    call: message.call,
    attempt: message.attempt,
    failures: 0,
    worker: services.worker,
    sentAt: now,
    answeredAt: now,
    httpStatus: null,
    statusCode: null,
    taskId: null,
    nonce: null,
    cost: 0,
    simulated: call.copies[0]?.simulated ?? null,
    outcome: outcomeOf(call),
    copied,
  };
  return repeatUntilDone(services, async () => {
    if (call.until !== null && (await services.calls.now()) > call.until) return false;
    const answer = { header, body: Buffer.alloc(0), copies };
    const kept = await keepAnswer(services.storage, message.job, answer);
    // An earlier delivery may have stored its copies, which decide.
    if (kept.kind === 'first') await settleHeader(message, { ...call, header: kept.header }, services);
    else await settleStored(message, call.planned, services);
    return true;
  });
}

function outcomeOf({ planned, targets, copies }: CopiedCall): AnswerOutcome {
  const [copy] = copies;
  if (planned.plan.kind === 'list' && copy != null) return listOutcome(copy, targets);
  return withCopies({ kind: 'bulk', items: targets.map(() => EMPTY_TARGET) }, copies, 0);
}

function listOutcome({ items, totalCount, isCut }: Copy, targets: readonly PlannedTarget[]): AnswerOutcome {
  return {
    kind: 'list',
    offset: 0,
    items: items.length,
    totalCount,
    itemsSoFar: items.length,
    costSoFar: targets[0]?.before?.cost ?? 0,
    status: items.length === 0 ? 'empty' : 'ok',
    truncated: isCut ? 'max_items' : null,
  };
}
