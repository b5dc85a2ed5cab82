import { randomUUID } from 'node:crypto';
import type { Message } from '@linkhaul/jobs';
import { encodeCopies } from '@linkhaul/results';
import {
  type AnswerHeader,
  type AnswerOutcome,
  EMPTY_TARGET,
  type FurtherParts,
  isBroken,
  keepAnswer,
  type PlannedTarget,
  writeCopiedPart,
} from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';
import { repeatUntilDone } from '../settle/repeat-until-done.js';
import { type SettleServices, settleHeader, settleStored } from '../settle/settle-stored.js';
import { type Copies, type Copy, storedCopies, withCopies } from './copy.js';

interface CopiedCall {
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
  readonly copies: Copies;
  /** When the first copy becomes too old, in ms since the epoch. */
  readonly until: number | null;
}

/**
 * Settles a call whose targets are all copied: its copies are stored as its answer. Each job has its own copy, so that removing one
 * job takes nothing from another. False if the copies became too old, or were removed, before they were stored.
 */
export async function settleCopies(
  message: Message<'call'>,
  call: CopiedCall,
  services: SettleServices & Pick<Services, 'worker' | 'stopping' | 'store'>,
): Promise<boolean> {
  const now = await services.calls.now();
  const { copied, copies } = storedCopies(call.copies, 0);
  const further = await storeFurther(message, call.copies[0]?.further ?? [], services);
  if (further === null) return false;
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
    copied: { ...copied, ...(further !== undefined && { further }) },
  };
  return repeatUntilDone(services, async () => {
    if (!(await mayStillCopy(call, services))) return false;
    const answer = { header, body: Buffer.alloc(0), copies };
    const stored = await keepAnswer(services.storage, message.job, answer);
    // If an earlier delivery of the message has stored its copies, those decide.
    if (stored.kind === 'first') await settleHeader(message, { ...call, header: stored.header }, services);
    else await settleStored(message, call.planned, services);
    return true;
  });
}

/** Whether the copies are still young enough: the age counts when a row is settled, and copying a long list takes a while. */
async function mayStillCopy(
  { copies, until }: CopiedCall,
  { calls, store }: Pick<Services, 'calls' | 'store'>,
): Promise<boolean> {
  if (until !== null && (await calls.now()) > until) return false;
  const sources = new Map(copies.flatMap((copy) => (copy === null ? [] : [[copy.source.id, copy.source]])));
  const found = await Promise.all([...sources.values()].map((source) => store.get(source)));
  return found.every((record) => record !== null);
}

/** Stores all parts of a long list but the first, one after the other. Null if a part is gone or damaged by now. */
async function storeFurther(
  { job, call }: Message<'call'>,
  parts: Copy['further'],
  { storage }: Pick<Services, 'storage'>,
): Promise<FurtherParts | null | undefined> {
  if (parts.length === 0) return undefined;
  const name = randomUUID();
  for (const [at, { items, read }] of parts.entries()) {
    const texts = await read().catch(nullIfBroken);
    if (texts?.length !== items) return null;
    await writeCopiedPart(storage, { job, call, name, part: at + 1 }, encodeCopies(texts));
  }
  return { name, items: parts.map(({ items }) => items) };
}

function nullIfBroken(error: unknown): null {
  if (isBroken(error)) return null;
  throw error;
}

function outcomeOf({ planned, targets, copies }: CopiedCall): AnswerOutcome {
  const [copy] = copies;
  if (planned.plan.kind === 'list' && copy != null) return listOutcome(copy, targets);
  return withCopies({ kind: 'bulk', items: targets.map(() => EMPTY_TARGET) }, copies, 0);
}

function listOutcome(
  { items: first, further, totalCount, isCut }: Copy,
  targets: readonly PlannedTarget[],
): AnswerOutcome {
  const items = further.reduce((sum, part) => sum + part.items, first.length);
  return {
    kind: 'list',
    offset: 0,
    items,
    totalCount,
    itemsSoFar: items,
    costSoFar: targets[0]?.before?.cost ?? 0,
    status: items === 0 ? 'empty' : 'ok',
    truncated: isCut ? 'max_items' : null,
  };
}
