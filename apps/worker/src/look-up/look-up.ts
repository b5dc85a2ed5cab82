import { randomUUID } from 'node:crypto';
import type { CallRef } from '@linkhaul/jobs';
import type { LookUpServices, PendingLookUp } from './looked-up-attempt.js';
import { readWindow } from './read-window.js';
import { windowsOf } from './record-window.js';
import { findUnknownCall } from './unknown-call.js';
import { findUnpricedAnswer } from './unpriced-answer.js';

/** The record covers one month: the shortest month, less a day for safety. */
const RECORD_MS = 27 * 86_400_000;

/**
 * Looks up all unknown calls, and all answers without a cost, in one reading of the upstream's record. A call that the
 * record shows as done was paid for and lost: it is bought again at once. A call that the record must show by now, and
 * does not, never ran: it is sent again. If nothing can tell, UPSTREAM_UNKNOWN decides.
 */
export async function lookUp(services: LookUpServices): Promise<void> {
  const { calls, unpriced, recordLock, draining } = services;
  const now = await calls.now();
  const due = [...(await calls.dueUnknown(now)), ...(await unpriced.due(now))];
  if (due.length === 0) return;
  await recordLock.alone(randomUUID(), async (lost) => {
    await lookUpAll(await calls.now(), AbortSignal.any([draining, lost]), services);
  });
}

/** One reading of the record. The signal stops further requests. */
async function lookUpAll(beganAt: number, signal: AbortSignal, services: LookUpServices): Promise<void> {
  const { account, dispatcher, env, workerReports, upstream } = services;
  const inRecord: PendingLookUp[] = [];
  for await (const pending of findDue(beganAt + env.unknown.againMs, services)) {
    if (upstream.mayHaveRecord && beganAt - pending.sentAt < RECORD_MS) inRecord.push(pending);
    else await pending.decide({ kind: 'no_record' });
  }
  let hidden = 0;
  for (const window of windowsOf(inRecord)) {
    if (!signal.aborted) hidden += await readWindow(window, { beganAt, signal }, services);
  }
  // The record was read, but jobs must wait as if the reading had failed.
  if (hidden > 0) await workerReports.lookUpFailed(account, "entries of the upstream's record have no readable tag");
  await dispatcher.fill();
}

/** Includes calls that are due soon: they share this reading, which saves another one. */
async function* findDue(time: number, services: LookUpServices): AsyncGenerator<PendingLookUp> {
  const { calls, unpriced } = services;
  for (const ref of await calls.dueUnknown(time)) {
    const again = (at: number) => calls.lookAgainAt(ref, at);
    const pending = await findOne(ref, { find: () => findUnknownCall(ref, services), again }, services);
    if (pending !== null) yield pending;
  }
  for (const ref of await unpriced.due(time)) {
    const again = (at: number) => unpriced.lookAgainAt(ref, at);
    const pending = await findOne(ref, { find: () => findUnpricedAnswer(ref, services), again }, services);
    if (pending !== null) yield pending;
  }
}

interface Finder {
  find(): Promise<PendingLookUp | null>;
  again(time: number): Promise<void>;
}

/** If this fails for one call, that call is looked up again later, and the other calls are not affected. */
async function findOne(ref: CallRef, { find, again }: Finder, services: LookUpServices): Promise<PendingLookUp | null> {
  const { calls, env, logger } = services;
  const orAgain = async <T>(step: () => Promise<T>): Promise<T | null> => {
    try {
      return await step();
    } catch (err) {
      logger.error({ err, job: ref.job.id, call: ref.call }, 'could not look up a call');
      await again((await calls.now()) + env.unknown.againMs);
      return null;
    }
  };
  const pending = await orAgain(find);
  if (pending === null) return null;
  return { ...pending, decide: async (finding) => void (await orAgain(() => pending.decide(finding))) };
}
