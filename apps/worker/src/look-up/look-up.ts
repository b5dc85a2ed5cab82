import { randomUUID } from 'node:crypto';
import type { CallRef } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import { LOOK_AGAIN_MS, type Sight } from './attempt-fate.js';
import type { Sought } from './looked-up-attempt.js';
import { mayBe } from './match-nameless-entry.js';
import { type RecordWindow, windowsOf } from './record-window.js';
import { searchRecord } from './search-record.js';
import { type Deciding, seekUnknown } from './unknown-call.js';
import { type Pricing, seekCost } from './unpriced-answer.js';

/** The upstream shows calls with what was asked for a month back: the shortest one, and not to its last day. */
const RECORD_MS = 27 * 86_400_000;

type LookingUp = Deciding & Pricing & Pick<Services, 'upstream' | 'sweeps' | 'draining' | 'account' | 'troubles'>;

/** One sweep over the upstream's record. What it did not see counts only by when it began. */
interface Sweep {
  readonly services: LookingUp;
  readonly beganAt: number;
  /** Aborts when no more is to be asked. */
  readonly signal: AbortSignal;
}

/**
 * Learns what became of calls that may have been executed, all of them in one sweep. Storage is asked first: an answer that
 * is there is settled. Seen done in the upstream's record: paid and lost, bought again at once. Not seen when it must be
 * there: sent again. Where nothing can tell, the settings decide. And what answers cost that do not say so.
 */
export async function lookUp(services: LookingUp): Promise<void> {
  const { calls, unpriced, sweeps, draining } = services;
  const now = await calls.now();
  const due = [...(await calls.dueUnknown(now)), ...(await unpriced.due(now))];
  if (due.length === 0) return;
  await sweeps.alone(randomUUID(), async (lost) => {
    await sweep({ services, beganAt: await calls.now(), signal: AbortSignal.any([draining, lost]) });
  });
}

async function sweep(current: Sweep): Promise<void> {
  const { services, beganAt, signal } = current;
  const { account, dispatcher, troubles, upstream } = services;
  const onRecord: Sought[] = [];
  for await (const call of soughtBy(beganAt + LOOK_AGAIN_MS, services)) {
    if (upstream.mayHaveRecord && beganAt - call.sentAt < RECORD_MS) onRecord.push(call);
    else await call.decide({ kind: 'no_record' });
  }
  let hidden = 0;
  for (const window of windowsOf(onRecord)) {
    if (!signal.aborted) hidden += await readWindow(window, current);
  }
  // Read well, the record still says nothing of them: jobs stand still for it as if it could not be read.
  if (hidden > 0) await troubles.lookUpFailed(account, 'entries of the record do not say whose they are');
  await dispatcher.fill();
}

/** Those that are due soon are looked up with the others: that costs no look-up more. */
async function* soughtBy(time: number, services: LookingUp): AsyncGenerator<Sought> {
  const { calls, unpriced } = services;
  for (const ref of await calls.dueUnknown(time)) {
    const again = (at: number) => calls.lookAgainAt(ref, at);
    const call = await seek(ref, { find: () => seekUnknown(ref, services), again }, services);
    if (call !== null) yield call;
  }
  for (const ref of await unpriced.due(time)) {
    const again = (at: number) => unpriced.lookAgainAt(ref, at);
    const call = await seek(ref, { find: () => seekCost(ref, services), again }, services);
    if (call !== null) yield call;
  }
}

interface Seeking {
  find(): Promise<Sought | null>;
  again(time: number): Promise<void>;
}

/** What is wrong with one call holds up no other: the call is looked at again later. */
async function seek(ref: CallRef, { find, again }: Seeking, services: LookingUp): Promise<Sought | null> {
  const { calls, logger } = services;
  const orAgain = async <T>(step: () => Promise<T>): Promise<T | null> => {
    try {
      return await step();
    } catch (err) {
      logger.error({ err, job: ref.job.id, call: ref.call }, 'could not look up a call');
      await again((await calls.now()) + LOOK_AGAIN_MS);
      return null;
    }
  };
  const call = await orAgain(find);
  if (call === null) return null;
  return { ...call, decide: async (sight) => void (await orAgain(() => call.decide(sight))) };
}

/**
 * Each call is decided on when its page is read, the others when all are. How many of these may be among the entries whose
 * tag could not be read.
 */
async function readWindow(window: RecordWindow<Sought>, { services, beganAt, signal }: Sweep): Promise<number> {
  const { dispatcher, metrics } = services;
  const open = new Map(window.calls.map((call) => [call.tag, call]));
  const hidden = new Set<Sought>();
  const doubt = async (entry: RecordEntry) => {
    metrics.nameless();
    for (const call of open.values()) {
      if (!hidden.has(call) && (await mayBe(entry, call, services))) hidden.add(call);
    }
  };
  const take = async (entries: readonly RecordEntry[]) => {
    for (const entry of entries) {
      if (entry.tag === null) await doubt(entry);
      const call = open.get(entry.tag ?? '');
      if (call === undefined) continue;
      open.delete(call.tag);
      await call.decide({ kind: 'entry', entry, beganAt });
    }
    await dispatcher.fill();
    return open.size === 0;
  };
  const end = await searchRecord(window, { services, signal, take });
  for (const call of open.values()) {
    const unseen: Sight = hidden.has(call) ? { kind: 'hidden' } : { kind: 'absent', beganAt };
    await call.decide(end === 'whole' ? unseen : { kind: end });
  }
  return [...open.values()].filter((call) => hidden.has(call)).length;
}
